/** Whether two messages with the same id are one message that came twice. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { canonicalJson } from '../platform/canonical-json.js';

/**
 * Compares what is said: role, parts, metadata and the tasks that are referred to. Where the message is sent to (contextId,
 * taskId), and the extensions that it is sent with, are not part of it; neither is the difference between empty and absent.
 */
export function sameContent(one: Message, other: Message): boolean {
  return canonicalJson(contentOf(one)) === canonicalJson(contentOf(other));
}

function contentOf({ role, parts, metadata, referenceTaskIds }: Message): unknown {
  return {
    role,
    parts: parts.map((part) => ({ ...part, metadata: unlessEmpty(part.metadata) })),
    metadata: unlessEmpty(metadata),
    referenceTaskIds: unlessEmpty(referenceTaskIds),
  };
}

function unlessEmpty<Value extends object>(value: Value | undefined): Value | undefined {
  return value === undefined || Object.keys(value).length === 0 ? undefined : value;
}
