/** Whether an agent takes what a message brings: the media types of its parts are among the input modes on its card. */
import type { AgentCard } from '@a2a-js/sdk';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';

/** Throws CONTENT_TYPE_NOT_SUPPORTED for the first part of another type; a part that doesn't say its type is taken. */
export function refuseOtherModes({ parts }: Pick<Message, 'parts'>, card: AgentCard): void {
  const modes = [...card.defaultInputModes, ...card.skills.flatMap(({ inputModes }) => inputModes)];
  if (modes.length === 0) return;
  parts.forEach((part, index) => {
    const type = typeOf(part);
    if (type === undefined || modes.some((mode) => covers(mode, type))) return;
    const expected = `one of ${modes.join(', ')}`;
    const field = `message.parts[${index}].mediaType`;
    throw new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', `${field}: expected ${expected}, got ${type}`, {
      field,
      expected,
    });
  });
}

function typeOf({ text, data, mediaType = '' }: Part): string | undefined {
  const said = nameOf(mediaType);
  if (said !== '') return said;
  if (text !== undefined) return 'text/plain';
  return data === undefined ? undefined : 'application/json';
}

/** Without parameters, which say how to read it. */
function nameOf(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}

/** What many cards of remote agents have in place of media types: the kinds of parts of A2A 0.3. */
const kinds: Readonly<Record<string, string>> = { text: 'text/*', data: 'application/json', file: '*/*' };

/** Whoever reads plain text reads Markdown, too. */
function covers(mode: string, type: string): boolean {
  const name = nameOf(mode);
  const [main, sub = '*'] = (kinds[name] ?? name).split('/');
  if (main === '*') return true;
  const [typeMain, typeSub] = type.split('/');
  return main === typeMain && (sub === '*' || sub === typeSub || name === 'text/plain');
}
