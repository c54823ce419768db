/** What a client resends of a conversation, and what is new of it. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isNothing } from '@continuo/agent/internal/platform/text.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { Saying } from '../take-over.js';

export interface Conversation {
  /** All up to the last answer. */
  readonly history: readonly Saying[];
  /** What is said now: all that the user has said since. */
  readonly parts: readonly Part[];
}

/** Throws INVALID_ARGUMENT, naming `field`, where the user says nothing now. */
export function conversationOf(said: readonly Saying[], field: string): Conversation {
  const lastAnswer = said.findLastIndex(({ role }) => role === 'assistant');
  const parts = said.slice(lastAnswer + 1).flatMap((saying) => saying.parts);
  if (parts.every(({ text }) => text !== undefined && isNothing(text))) {
    throw invalidArgument(field, 'a message of the user at the end, with text that is not empty or a file');
  }
  return { history: said.slice(0, lastAnswer + 1), parts };
}
