/** A task in the hands of a run: what the run needs to know of it, and what it may wait for. */
import type { ClaimedTrace } from '../platform/tracing.js';
import type { Message } from '../sessions/message.js';
import type { Answer } from './answers.js';
import type { Held } from './fold.js';

/** Whose a task is: all that it reads and keeps is theirs. */
export interface TaskOwner {
  readonly tenant: string;
  readonly owner: string;
}

/** What a run needs to know of its task. */
export interface ClaimedTask extends TaskOwner {
  readonly id: string;
  readonly token: string;
  readonly agent: string;
  /** The version to run it with; null for an instance that has not said what it has. */
  readonly agentVersion: string | null;
  /** The version that ran it last, where that is another one. */
  readonly ranWith?: string;
  readonly contextId: string;
  readonly sessionId: string | null;
  readonly parentId: string | null;
  readonly rootId: string | null;
  readonly message: Message;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly answers: readonly Answer[];
  /** 1 for a new task; every retry begins the next. */
  readonly attempt: number;
  /** The attempt that last began from the start. */
  readonly origin: number;
  /** How often it was claimed without getting further in between, this time included. */
  readonly runCount: number;
  readonly progress: number | null;
  readonly stage: string | null;
  /** Why it is held; null for one that isn't. */
  readonly held: Held | null;
  /** No run has had it before. */
  readonly isNew: boolean;
  /** Undefined where it was accepted without tracing. */
  readonly trace?: ClaimedTrace | undefined;
}

/** What a run waits for, when it waits for nothing else. */
export interface Parking {
  /** When it goes on at the latest. */
  readonly wakesAt: Date | undefined;
  /** The children whose next word it waits for. */
  readonly children: readonly string[];
  /** How many messages of its inbox it knows, when it waits for the next. */
  readonly known: number | undefined;
}

export interface Claim {
  readonly taskId: string;
  readonly token: string;
  readonly instanceId: string;
  readonly at: string;
}
