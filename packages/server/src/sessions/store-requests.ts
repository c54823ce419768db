/** What the store of sessions is asked for: new sessions, forks, changes, pages, single messages. */
import type { Caller } from '../platform/caller.js';

/** What a new session is called and what else is known of it. */
export interface NewSession {
  readonly title?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Of what a session is a copy. */
export interface Fork {
  /** Whose session. */
  readonly from: Caller;
  readonly contextId: string;
  /** The last message that is copied; undefined: all are. */
  readonly messageId: string | undefined;
  /** Undefined: that of the session. */
  readonly title: string | undefined;
}

/** Undefined leaves a field as it is, null removes it. */
export interface SessionChange {
  readonly title?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Which page of a list. */
export interface PageRequest {
  /** At least 1. */
  readonly size: number;
  /** Empty for the first page. */
  readonly token: string;
}

/** `asc`: oldest first. */
export type MessageOrder = 'asc' | 'desc';

/** `largeBytes`: messages that are larger come without their parts, and marked. */
export interface MessagePageRequest extends PageRequest {
  readonly largeBytes?: number;
}

/** Which of the messages to an agent of a session. */
export interface SaidTo {
  /** `type/name`. */
  readonly agent: string;
  /** Only the one that has this id, or has it in its metadata, in the member `runId` of an extension. */
  readonly run?: { readonly id: string; readonly extension: string };
}
