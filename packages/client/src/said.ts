/** What people and programs say to agents, in the forms that are at hand. */
import { newKey } from './new-key.js';
import type { Part } from './schema.generated.js';

/** Text, structured data, or an A2A message of which only `parts` must be there. */
export type Said = string | { readonly data: unknown } | SaidMessage;

/** A message on its way to an agent; what is left out the client fills in. */
export interface SaidMessage {
  readonly parts: readonly Part[];
  /** Under the same id the server knows the message again. Default: a new one. */
  readonly messageId?: string | undefined;
  readonly contextId?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly extensions?: readonly string[] | undefined;
  readonly referenceTaskIds?: readonly string[] | undefined;
}

/** A2A's Message of a user. */
export function toMessage(said: Said): SaidMessage & { readonly messageId: string; readonly role: 'ROLE_USER' } {
  if (typeof said !== 'string' && (typeof said !== 'object' || said === null || !('parts' in said || 'data' in said))) {
    throw new TypeError('Expected what is said: a text, { data } or { parts }.');
  }
  const message: SaidMessage =
    typeof said === 'string' ? { parts: [{ text: said }] } : 'parts' in said ? said : { parts: [{ data: said.data }] };
  return { ...message, messageId: message.messageId ?? newKey(), role: 'ROLE_USER' };
}
