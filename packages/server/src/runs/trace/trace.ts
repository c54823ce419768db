/** What a task's trace is made of. */
import type { ErrorReport } from '@continuo/agent/internal/runs/error-report.js';
import type { FailedTry } from '@continuo/agent/internal/runs/failed-tries.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Usage } from '@continuo/agent/internal/tasks/usage.js';

/** `done` and `failed` are over; `waiting` goes on; `abandoned` never ended, as its task or its attempt did. */
export type NodeState = 'done' | 'failed' | 'waiting' | 'abandoned';

/** What a node of a trace is. */
export type NodeKind = 'branch' | 'step' | 'tool' | 'remote' | 'model' | 'call' | 'question' | 'sleep' | 'inbox';

/** A call of a language model. */
export interface TracedModelCall {
  /** `provider/model id`. */
  readonly model: string;
  readonly finishReason: string | null;
  /** Only where prompts are kept. */
  readonly prompt: unknown;
  readonly promptTruncated: boolean;
}

/** A task that was called. */
export interface TracedChild {
  readonly taskId: string;
  readonly agent: string;
  /** Null for one that was deleted. */
  readonly state: TaskState | null;
  readonly createdAt: string | null;
  readonly endedAt: string | null;
  readonly usage: Usage | null;
  /** What it did, where `depth` asks for it and there is room. */
  readonly trace: TaskTrace | null;
}

/** Something that a run has done or waited for. Times are ISO 8601; null where something is not there or was not recorded. */
export interface TraceNode {
  readonly id: string;
  /** The step inside of which it was done. */
  readonly parentId: string | null;
  readonly kind: NodeKind;
  readonly name: string;
  /** The scopes of `task.branch` around it; empty outside of every branch. */
  readonly branch: string;
  readonly state: NodeState;
  /** The run of the task in which it began, or, of a step, was done. */
  readonly run: number | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** How often its work was tried. */
  readonly attempts: number;
  /** At most 64 KiB; what is longer is a text that ends with `…`, and `inputTruncated` is true. */
  readonly input: unknown;
  readonly inputTruncated: boolean;
  readonly result: unknown;
  readonly resultTruncated: boolean;
  /** How it failed for good. */
  readonly error: ErrorReport | null;
  /** The attempts that failed, those alike together. */
  readonly tries: readonly FailedTry[];
  readonly usage: Usage | null;
  readonly model: TracedModelCall | null;
  readonly child: TracedChild | null;
  readonly nodes: readonly TraceNode[];
}

/** One run of the task, in one process. */
export interface TracedRun {
  readonly number: number;
  /** The attempt of the task that it belongs to. */
  readonly attempt: number;
  /** The id of the instance. */
  readonly instance: string | null;
  readonly agentVersion: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /**
   * `asked` a person, `waits` for a time or others, `held`, `released` for another run, `lost` with its instance, which
   * `left` in order, or the state in which the task ended; null while it goes on.
   */
  readonly ending: string | null;
  /** Why the task failed in it. */
  readonly error: ErrorReport | null;
  readonly nodes: readonly TraceNode[];
}

/** A page of what a task has done. */
export interface TaskTrace {
  readonly taskId: string;
  readonly agent: string;
  readonly contextId: string;
  readonly parentTaskId: string | null;
  readonly rootTaskId: string | null;
  readonly state: TaskState;
  readonly held: boolean;
  readonly attempt: number;
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** Of language models, without what it called. */
  readonly usage: Usage | null;
  readonly error: ErrorReport | null;
  readonly runs: readonly TracedRun[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}
