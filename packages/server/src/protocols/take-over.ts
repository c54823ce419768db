/** What a client had said elsewhere, taken over into a session that it begins here. */
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';
import type { Caller } from '../platform/caller.js';
import { sessionKey } from '../sessions/append-messages.js';
import type { SessionsService } from '../sessions/sessions.service.js';

/** Messages of a history that are compared, or taken over, the newest. */
export const MOST_MESSAGES = 200;

/** One thing that was said. */
export interface Saying {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly Part[];
}

export interface Before {
  /** The agent that the assistant's messages are of. */
  readonly agent: string;
  readonly contextId: string;
  readonly history: readonly Saying[];
}

/** Makes the session. What was taken over before isn't again. */
export async function takeOver(
  sessions: SessionsService,
  caller: Caller,
  { agent, contextId, history }: Before,
): Promise<void> {
  await sessions.create(caller, {}, contextId);
  const key = sessionKey(caller, contextId);
  for (const [index, { role, parts }] of history.slice(-MOST_MESSAGES).entries()) {
    if (parts.length === 0) continue;
    const messageId = derivedId(`${contextId} ${index}`);
    const message: Message =
      role === 'user'
        ? { messageId, contextId, role: 'ROLE_USER', parts }
        : { messageId, contextId, role: 'ROLE_AGENT', parts, metadata: { agent } };
    await sessions.save(key, message, { taskId: derivedId(`${contextId} before`), agent });
  }
}

/** The same, once: a session that is there knows what was said. */
export async function takeOverUnknown(
  sessions: SessionsService | undefined,
  caller: Caller,
  before: Before,
): Promise<void> {
  if (sessions === undefined || before.history.length === 0) return;
  if (!(await sessions.exists(caller, before.contextId))) await takeOver(sessions, caller, before);
}
