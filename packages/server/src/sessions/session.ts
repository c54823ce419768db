/** What a session and its stored messages look like from outside. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';

/** What others may do in a session that is shared with them: follow it, or speak in it as well. */
export const accesses = ['read', 'write'] as const;

/** What others may do in a session that is shared with them. @useDeclaredType */
export type Access = (typeof accesses)[number];

/** The values that agents and people keep in a session, by their names. */
export type SessionState = Readonly<Record<string, unknown>>;

/** With whom a session is shared. */
export interface SessionShare {
  readonly owner: string;
  readonly access: Access;
  readonly createdAt: string;
}

/** A session: a conversation, and A2A's context. Times are ISO 8601. */
export interface Session {
  readonly id: string;
  readonly title: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly messageCount: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Whose it is, and what the caller may do: of one that somebody else shares, in the list of these. */
  readonly owner?: string;
  readonly access?: Access;
}

/** A message as its session has it: its place, counted from 1, and the task and agent that it belongs to. */
export interface SessionMessage {
  readonly seq: number;
  readonly message: Message;
  readonly taskId?: string;
  readonly agent?: string;
  readonly createdAt: string;
}

/** A page of sessions. */
export interface SessionPage {
  readonly sessions: readonly Session[];
  readonly nextPageToken: string;
}

/** A page of what was said in a session. */
export interface MessagePage {
  readonly messages: readonly SessionMessage[];
  readonly nextPageToken: string;
}

/** A message, and who said it when that was an agent. */
export interface SaidMessage {
  readonly message: Message;
  readonly agent: string | null;
}
