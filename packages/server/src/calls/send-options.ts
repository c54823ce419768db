/** What a call may say beside its message, and what becomes of it. */
import type { TaskBudget } from '@continuo/agent/internal/tasks/task-budget.js';
import type { IntakeOptions } from '../agents/intake.js';
import type { OpenedTask } from '../tasks/opened-task.js';
import type { TaskTiming } from './task-timing.js';

/** The timing and the budget of a new task: before what the metadata say of it. */
export interface SendOptions extends IntakeOptions, TaskTiming, TaskBudget {
  /** The same key of the same caller sends once, however often it is asked for. */
  readonly idempotencyKey?: string | undefined;
  /** Where the request came to: files may be named by that address. */
  readonly requestUrl?: (() => string) | undefined;
  /** The session that files have to live with which the message names: it comes from somebody who shares that alone. */
  readonly filesWithin?: string | undefined;
  /** The number of the last event of a task that goes on; for a new one it means nothing. Default: any. */
  readonly atSeq?: number | undefined;
  /** The id of the message with the question that this one answers; of a new task it means nothing. Default: whatever is asked. */
  readonly question?: string | undefined;
  /** What has to be there before the task's first event. */
  readonly attachment?: TaskAttachment | undefined;
}

/** Something that belongs to a task and is stored before it, so that it misses none of its events. */
export interface TaskAttachment {
  /** As the caller has it: the same idempotency key stands for the same. */
  readonly asked: unknown;
  attach(taskId: string): Promise<void>;
  /** The task is another one: the message had been sent before. */
  detach(taskId: string): Promise<void>;
}

export interface Sent {
  readonly taskId: string;
  /** False when the message continued a task, or had been sent before. */
  readonly created: boolean;
  /** The new task. */
  readonly opened?: OpenedTask;
}
