/** A task and its stream as A2A v1.0 JSON, and the extensions in whose names Continuo adds to them. */
import type { Message, Part } from '../sessions/message.js';
import type { WireTaskState } from './task-state.js';

export {
  CLIENT_TOOLS_EXTENSION,
  CONTENT_EXTENSION,
  DELEGATION_EXTENSION,
  ERROR_EXTENSION,
  HELD_EXTENSION,
  INPUT_EXTENSION,
  PROGRESS_EXTENSION,
  SESSIONS_EXTENSION,
  TOOLS_EXTENSION,
} from '@continuo/client/extensions';

/** When a task is to begin, and before which others, in the call's metadata: `{ startAt?, priority? }`. */
export const TASKS_EXTENSION = 'urn:continuo:a2a:tasks:v1';
/** What the call that made a task asked for, in the task's metadata: `{ acceptedOutputModes?, extensions? }`. */
export const CALL_EXTENSION = 'urn:continuo:a2a:call:v1';

/** The state of a task, since when, and what was said with it. A2A 1.0, section 4.1.2. */
export interface TaskStatus {
  readonly state: WireTaskState;
  readonly message?: Message;
  readonly timestamp: string;
}

/** What an agent has made. A2A 1.0, section 4.1.7. */
export interface Artifact {
  readonly artifactId: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly parts: readonly Part[];
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly extensions?: readonly string[] | undefined;
}

/**
 * A task, as A2A 1.0 has it in JSON (section 4.1.1). What A2A has no field for is in `metadata`, under the URI of an
 * extension.
 */
export interface Task {
  readonly id: string;
  readonly contextId: string;
  readonly status: TaskStatus;
  readonly artifacts?: readonly Artifact[];
  readonly history?: readonly Message[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A new state of a task, and what is said with it. A2A 1.0, section 4.2.1. */
export interface TaskStatusUpdate {
  readonly taskId: string;
  readonly contextId: string;
  readonly status: TaskStatus;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** An artifact, or a chunk of one. A2A 1.0, section 4.2.2. */
export interface TaskArtifactUpdate {
  readonly taskId: string;
  readonly contextId: string;
  readonly artifact: Artifact;
  readonly append: boolean;
  readonly lastChunk: boolean;
}

/** A2A's StreamResponse: exactly one member. */
export type StreamResponse =
  | { readonly task: Task }
  | { readonly statusUpdate: TaskStatusUpdate }
  | { readonly artifactUpdate: TaskArtifactUpdate };

/** Why a task failed: for its owner, without stack traces. */
export interface TaskFailure {
  readonly name: string;
  readonly message: string;
  readonly step?: string;
  /** The child task that failed, and its parent with it. */
  readonly childTaskId?: string;
  /** The id of the question that nobody answered in time. */
  readonly question?: string;
  readonly causes: readonly string[];
}
