/** What a session and its stored messages look like from outside. */
import type { Message } from './message.js';

export interface Session {
  readonly id: string;
  readonly title: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly messageCount: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface SessionMessage {
  readonly seq: number;
  readonly message: Message;
  readonly taskId?: string;
  readonly agent?: string;
  readonly createdAt: string;
}

export interface SessionPage {
  readonly sessions: readonly Session[];
  readonly nextPageToken: string;
}

export interface MessagePage {
  readonly messages: readonly SessionMessage[];
  readonly nextPageToken: string;
}
