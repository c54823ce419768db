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

function typeOf({ text, data, mediaType }: Part): string | undefined {
  const [said] = (mediaType ?? '').split(';');
  if (said !== undefined && said.trim() !== '') return said.trim().toLowerCase();
  if (text !== undefined) return 'text/plain';
  return data === undefined ? undefined : 'application/json';
}

/** Whoever reads plain text reads Markdown, too. */
function covers(mode: string, type: string): boolean {
  const [main, sub] = mode.toLowerCase().split('/');
  if (mode === '*' || main === '*') return true;
  const [typeMain] = type.split('/');
  return main === typeMain && (sub === '*' || mode.toLowerCase() === type || mode.toLowerCase() === 'text/plain');
}
