/** Turns that came to no good end, as the session tells them to a model: it didn't say why it failed, and wasn't told that it was stopped. */
import { cut } from '../../platform/text.js';
import { textOf, type Message, type Part } from '../../sessions/message.js';
import { endedAs, type EndMark } from '../../tasks/end-mark.js';

/** Characters of a reason that a model is told. */
const MOST_OF_A_REASON = 500;

/** How a turn ended, and whose it was. */
export interface EndOfTurn {
  readonly state: EndMark;
  readonly agent: string;
}

/** Of the message with which an agent's turn was left unfinished; undefined for any other. */
export function endOf({ role, metadata }: Pick<Message, 'role' | 'metadata'>): EndOfTurn | undefined {
  const state = role === 'ROLE_AGENT' ? endedAs(metadata) : undefined;
  if (state === undefined) return undefined;
  const agent = metadata?.['agent'];
  return { state, agent: typeof agent === 'string' ? agent : 'an agent' };
}

/** What the model is told of it; `parts`: what was said. */
export function noteOn({ state, agent }: EndOfTurn, parts: readonly Part[]): string {
  if (state === 'CANCELED') return `(Note: this answer of ${agent} was broken off, as its task was cancelled.)`;
  const reason = cut(textOf(parts).trim(), MOST_OF_A_REASON);
  const why = reason === '' ? '' : ` The reason: ${reason}`;
  return `(Note: ${agent} ${state === 'FAILED' ? 'failed here and gave no answer' : 'refused to do this'}.${why})`;
}
