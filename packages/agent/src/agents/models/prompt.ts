/** Turns a session's messages into the prompt of a language model. */
import { isDeepStrictEqual } from 'node:util';
import type { FilePart, ModelMessage, TextPart } from 'ai';
import type { Message, Part } from '../../sessions/message.js';
import { isNothing } from '../../platform/text.js';
import { withoutClientCalls } from '../tools/client-tools.js';
import { toolTurns } from '../tools/tool-memory.js';
import { endOf, noteOn } from './ends-of-turns.js';
import { NOTHING_SAID } from './legal-prompt.js';
import { isTextual, nameOfFile, titleOf } from './file-names.js';

export interface PromptOptions {
  /** Who is shown the prompt: of the tools that were used before, it sees its own. */
  readonly agent: string;
  readonly tools: Readonly<Record<string, unknown>>;
  /** Of what was said before `history`. */
  readonly summary?: string | undefined;
  /** The tasks of `history` that have not ended, as far as it matters. */
  readonly working?: ReadonlySet<string> | undefined;
}

/** What was said before, oldest first, then what is said now. Messages with nothing in them are left out. */
export function toPrompt(
  history: readonly Message[],
  current: readonly Part[],
  { agent, tools, summary, working }: PromptOptions = { agent: '', tools: {} },
): ModelMessage[] {
  const used = toolTurns(history, agent, tools, working);
  const turns = withoutClientCalls(history).flatMap((message) => used(message) ?? toTurns(message));
  const now = toTurn('ROLE_USER', current);
  const all = withoutRepetition([...turns, ...(now.length > 0 ? now : [userTurn(NOTHING_SAID)])]);
  return summary === undefined ? all : [userTurn(`(What was said before, summed up:)\n${summary}`), ...all];
}

/** What was said of a turn that came to no good end is no word of the model's. */
function toTurns({ role, parts, metadata }: Message): readonly ModelMessage[] {
  const end = endOf({ role, metadata });
  if (end === undefined) return toTurn(role, parts);
  const note = userTurn(noteOn(end, parts));
  return end.state === 'CANCELED' ? [...toTurn(role, parts), note] : [note];
}

function toTurn(role: Message['role'], parts: readonly Part[]): readonly ModelMessage[] {
  if (role === 'ROLE_USER') {
    const content = parts.flatMap(toUserPart);
    return content.length === 0 ? [] : [{ role: 'user', content }];
  }
  const text = parts.map(inWords).filter((said) => !isNothing(said));
  return text.length === 0 ? [] : [{ role: 'assistant', content: text.join('\n') }];
}

/** An agent that hands a message on to another of the same session, and its answer back, says both twice. */
function withoutRepetition(turns: readonly ModelMessage[]): ModelMessage[] {
  return turns.filter((turn, index) => !isDeepStrictEqual(turn, turns[index - 1]));
}

function toUserPart(part: Part): readonly (TextPart | FilePart)[] {
  const { raw, filename, mediaType = 'application/octet-stream' } = part;
  if (raw !== undefined && !isTextual(part)) {
    return [{ type: 'file', data: raw, mediaType, ...(filename === undefined ? {} : { filename }) }];
  }
  const text = raw === undefined ? inWords(part) : `${titleOf(part)}:\n${Buffer.from(raw, 'base64').toString('utf8')}`;
  return isNothing(text) ? [] : [{ type: 'text', text }];
}

/** A part as text; an inline file only by its name. */
export function inWords(part: Part): string {
  if (part.text !== undefined) return part.text;
  if (part.data !== undefined) return JSON.stringify(part.data);
  // A link is named and not fetched: the server would open whatever address a caller writes.
  return nameOfFile(part, part.url);
}

function userTurn(text: string): ModelMessage {
  return { role: 'user', content: [{ type: 'text', text }] };
}
