/** What a client resends of a conversation, and what is new of it. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isNothing } from '@continuo/agent/internal/platform/text.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { questionOfCall, type ClientResult } from '../client-tools.js';
import type { Saying } from '../take-over.js';

export interface Conversation {
  /** All up to the last answer. */
  readonly history: readonly Saying[];
  /** What is said now: all that the user has said since. */
  readonly parts: readonly Part[];
  /** What the client's tools have given since; then the user says nothing. */
  readonly results: readonly ClientResult[];
  /** Where all of it stands in the request. */
  readonly field: string;
}

/** One thing that stands in it: said, or the result of a tool. */
export type Item = Saying | { readonly role: 'tool'; readonly result: ClientResult };

/** Throws INVALID_ARGUMENT, naming `field`, where neither the user nor a tool says anything now. */
export function conversationOf(items: readonly Item[], field: string): Conversation {
  const last = items.findLastIndex(({ role }) => role === 'assistant');
  const [before, now] = [items.slice(0, last + 1), items.slice(last + 1)];
  const parts = now.flatMap((item) => (item.role === 'tool' ? [] : item.parts));
  const results = now.flatMap((item) => (item.role === 'tool' ? [item.result] : []));
  const isSilent = parts.every(({ text }) => text !== undefined && isNothing(text));
  if (isSilent && results.length === 0) {
    throw invalidArgument(field, 'a message of the user at the end, with text that is not empty or a file');
  }
  if (!isSilent && results.some(({ callId }) => questionOfCall(callId) !== undefined)) {
    throw invalidArgument(field, 'the results of tools alone: the user speaks again when the agent has answered');
  }
  const history = before.filter((item) => item.role !== 'tool');
  return { history, parts, results: isSilent ? results : [], field };
}
