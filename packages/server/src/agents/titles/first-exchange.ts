/** What a session began with: the first message and its answer, of which a title is made. */
import { textOf, type Message } from '@continuo/agent/internal/sessions/message.js';
import { titleOf } from '../../sessions/message-title.js';

export interface FirstExchange {
  /** The title that the session got by itself: the first line of what was said. */
  readonly plain: string;
  readonly asked: string;
  readonly answered: string;
}

/** `messages`: those of a session, oldest first. Undefined as long as nobody has answered in words, or nothing was asked in words. */
export function firstExchange(messages: readonly Message[]): FirstExchange | undefined {
  const [first] = messages;
  if (first === undefined || first.role !== 'ROLE_USER') return undefined;
  const asked = textOf(first.parts).trim();
  const answer = messages.find(({ role, parts }) => role === 'ROLE_AGENT' && textOf(parts).trim() !== '');
  if (asked === '' || answer === undefined) return undefined;
  return { plain: titleOf(first.parts), asked, answered: textOf(answer.parts).trim() };
}
