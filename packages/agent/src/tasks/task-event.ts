/** Events on their way into the log, and as they come out of it. */
import type { Message, Part } from '../sessions/message.js';
import type { PageObject } from './page-object.js';
import type { Held } from './fold.js';
import type { Artifact, StreamResponse, Task, TaskArtifactUpdate, TaskFailure, TaskStatusUpdate } from './task.js';
import { HELD_EXTENSION, PROGRESS_EXTENSION } from './task.js';
import { fromWireState, toWireState, type TaskState } from './task-state.js';

export interface NewStatus {
  readonly kind: 'statusUpdate';
  /** Deterministic within the task. */
  readonly key: string;
  readonly state: TaskState;
  /** What the agent says with it. */
  readonly message?: Message;
  /** Whether `message` belongs to the task's history: a question or an answer does, a word on progress doesn't. */
  readonly inHistory?: boolean;
  /** The user's message that led to this state; it goes into the history. */
  readonly userMessage?: Message;
  readonly progress?: Progress;
  readonly failure?: TaskFailure;
  /** Until when a person may answer, ISO 8601; without it, for ever. */
  readonly wakesAt?: string;
  /** The child whose question this is. */
  readonly waitsFor?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Why the task is held from now on; null: it is held no more. Without it what was said of that before stays. */
  readonly held?: Held | null;
}

export interface NewArtifactChunk {
  readonly kind: 'artifactUpdate';
  readonly key: string;
  readonly artifact: Artifact;
  /** False replaces what the artifact held before. */
  readonly append: boolean;
  readonly lastChunk: boolean;
  /** Where the content of its large parts was stored before. */
  readonly object?: PageObject;
}

export type NewEvent = NewStatus | NewArtifactChunk;

/** How far a task is, in numbers and in words. */
export interface Progress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly stage: string;
  /** With the event that begins an attempt after the first. */
  readonly attempt?: number;
}

/** One committed event of a task. */
export interface LogEvent {
  readonly taskId: string;
  readonly seq: number;
  readonly response: StreamResponse;
  /** It is larger than a page: `response` has its state and which artifact it is about, its content is read by `eventText`. */
  readonly large?: boolean;
}

type Payload = Task | TaskStatusUpdate | TaskArtifactUpdate;

/** An event on its way into a page of the log; `ord`: its place in the append, from 1. */
export interface EventRow {
  readonly task_id: string;
  readonly ord: number;
  readonly key: string;
  readonly kind: 'task' | NewEvent['kind'];
  readonly artifact_id: string | null;
  readonly payload: Payload;
  readonly message: Message | null;
  readonly created_at: string;
  /** Has the content of large parts, which is then not in the log. */
  readonly object?: PageObject;
}

interface TaskRef {
  readonly taskId: string;
  readonly contextId: string;
}

/** A message that is in the history is stored once: beside the payload, not in it. */
export function toEventRow(event: NewEvent, { taskId, contextId }: TaskRef, ord: number, at: string): EventRow {
  const shared = { task_id: taskId, ord, key: event.key, kind: event.kind, created_at: at };
  if (event.kind === 'artifactUpdate') {
    const { artifact, append, lastChunk } = event;
    const payload = { taskId, contextId, artifact, append, lastChunk };
    const apart = event.object === undefined ? {} : { object: event.object };
    return { artifact_id: artifact.artifactId, payload, message: null, ...shared, ...apart };
  }
  const stored = event.inHistory === true ? event.message : event.userMessage;
  const shown = event.inHistory === true ? undefined : event.message;
  const metadata = {
    ...event.metadata,
    ...(event.progress === undefined ? {} : { [PROGRESS_EXTENSION]: event.progress }),
    ...(event.held === undefined ? {} : { [HELD_EXTENSION]: event.held }),
  };
  const payload = {
    taskId,
    contextId,
    status: { state: toWireState(event.state), ...(shown === undefined ? {} : { message: shown }), timestamp: at },
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
  return { artifact_id: null, payload, message: stored ?? null, ...shared };
}

/** What subscribers are sent for a stored event. */
export function toStreamResponse(
  kind: EventRow['kind'],
  payload: Payload,
  message: Message | null | undefined,
): StreamResponse {
  if (kind === 'artifactUpdate') return { artifactUpdate: payload as TaskArtifactUpdate };
  if (kind === 'task') return { task: { ...(payload as Task), ...(message ? { history: [message] } : {}) } };
  const update = payload as TaskStatusUpdate;
  if (!message || message.role !== 'ROLE_AGENT') return { statusUpdate: update };
  return { statusUpdate: { ...update, status: { ...update.status, message } } };
}

/** The state that an event puts its task into; undefined for an artifact's chunk. */
export function stateOf(response: StreamResponse): TaskState | undefined {
  if ('artifactUpdate' in response) return undefined;
  const status = 'task' in response ? response.task.status : response.statusUpdate.status;
  return fromWireState(status.state);
}

/** How far the task is, when the event says so. */
export function progressOf(response: StreamResponse): Progress | undefined {
  if (!('statusUpdate' in response)) return undefined;
  return response.statusUpdate.metadata?.[PROGRESS_EXTENSION] as Progress | undefined;
}

/** About the bytes of what an event says: characters of texts, of encoded files, and of data as JSON. */
export function saidBytes(response: StreamResponse): number {
  if ('artifactUpdate' in response) return partsBytes(response.artifactUpdate.artifact.parts);
  if ('statusUpdate' in response) return partsBytes(response.statusUpdate.status.message?.parts ?? []);
  return (response.task.history ?? []).reduce((sum, message) => sum + partsBytes(message.parts), 0);
}

/** The same of parts. */
export function partsBytes(parts: readonly Part[]): number {
  return parts.reduce((sum, { text, raw, data }) => {
    if (text !== undefined) return sum + text.length;
    if (raw !== undefined) return sum + raw.length;
    return data === undefined ? sum : sum + (JSON.stringify(data)?.length ?? 0);
  }, 0);
}
