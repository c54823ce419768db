/** Turns a session's messages into the prompt of a language model. */
import type { FilePart, ModelMessage, TextPart } from 'ai';
import type { Message, Part } from '../../sessions/message.js';

/** Files that every model can read when they are written into the prompt. */
const textual = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript|sql)\b)/;

/** What was said before, oldest first, then what is said now. Messages with nothing in them are left out. */
export function toPrompt(history: readonly Message[], current: readonly Part[]): ModelMessage[] {
  const turns = history.flatMap((message) => toTurn(message.role, message.parts));
  const now = toTurn('ROLE_USER', current);
  const all = withoutRepetition([...turns, ...(now.length > 0 ? now : [userTurn('(The message is empty.)')])]);
  // Providers want the user to begin; a window over a long session may begin with an answer.
  return all.slice(all.findIndex((turn) => turn.role === 'user'));
}

function toTurn(role: Message['role'], parts: readonly Part[]): readonly ModelMessage[] {
  if (role === 'ROLE_USER') {
    const content = parts.flatMap(toUserPart);
    return content.length === 0 ? [] : [{ role: 'user', content }];
  }
  const text = parts.map(inWords).filter((said) => said !== '');
  return text.length === 0 ? [] : [{ role: 'assistant', content: text.join('\n') }];
}

/** An agent that hands a message on to another of the same session, and its answer back, says both twice. */
function withoutRepetition(turns: readonly ModelMessage[]): readonly ModelMessage[] {
  return turns.filter((turn, index) => JSON.stringify(turn) !== JSON.stringify(turns[index - 1]));
}

function toUserPart(part: Part): readonly (TextPart | FilePart)[] {
  const { raw, filename, mediaType = 'application/octet-stream' } = part;
  if (raw !== undefined && !textual.test(mediaType)) {
    return [{ type: 'file', data: raw, mediaType, ...(filename === undefined ? {} : { filename }) }];
  }
  const text = raw === undefined ? inWords(part) : `${titleOf(part)}:\n${Buffer.from(raw, 'base64').toString('utf8')}`;
  return text === '' ? [] : [{ type: 'text', text }];
}

function inWords(part: Part): string {
  if (part.text !== undefined) return part.text;
  if (part.data !== undefined) return JSON.stringify(part.data);
  // A link is named and not fetched: the server would open whatever address a caller writes.
  return part.url === undefined ? `[${titleOf(part)}]` : `[${titleOf(part)}: ${part.url}]`;
}

function titleOf(part: Part): string {
  return `File ${part.filename ?? 'without a name'} (${part.mediaType ?? 'unknown type'})`;
}

function userTurn(text: string): ModelMessage {
  return { role: 'user', content: [{ type: 'text', text }] };
}
