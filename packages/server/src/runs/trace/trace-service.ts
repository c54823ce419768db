/** Traces of tasks, as their owners read them. */
import { isId } from '@continuo/agent/internal/platform/ids.js';
import type { Hide } from '@continuo/agent/internal/platform/shown.js';
import type { Caller } from '../../platform/caller.js';
import { orUnavailable, type Database } from '../../platform/database.js';
import { taskNotFound } from '../../tasks/task-not-found.js';
import { readErrors, type ErrorQuery, type ErrorStatistics } from './read-errors.js';
import type { LogPage } from './log-page.js';
import { readLog, type LogQuery } from './read-log.js';
import { readStepResults, type StepPage, type StepQuery } from './read-step-results.js';
import { readTrace, type TraceQuery } from './read-trace.js';
import type { TaskTrace } from './trace.js';

export class TraceService {
  constructor(
    private readonly database: Database,
    /** Takes secrets out of all that is shown. */
    private readonly hide: Hide,
  ) {}

  /** The task's runs with all that they did. Throws TASK_NOT_FOUND, also for what isn't the caller's, and INVALID_ARGUMENT. */
  trace(caller: Caller, query: TraceQuery): Promise<TaskTrace> {
    return this.#of(query.taskId, () => readTrace(this.database, caller, query, this.#options()));
  }

  /** The task's steps with what went in and what came of them. Throws as `trace` does. */
  steps(caller: Caller, query: StepQuery): Promise<StepPage> {
    return this.#of(query.taskId, () => readStepResults(this.database, caller, query, this.#options()));
  }

  /** What the task's agent has logged. Throws TASK_NOT_FOUND, also for what isn't the caller's. */
  log(caller: Caller, query: LogQuery): Promise<LogPage> {
    return this.#of(query.taskId, () => readLog(this.database, caller, query, this.hide));
  }

  /** How the caller's tasks have failed over a time, those alike together. */
  errors(caller: Caller, query: ErrorQuery): Promise<ErrorStatistics> {
    return orUnavailable(() => readErrors(this.database.reading(), caller, query, this.hide));
  }

  #options(): { readonly mostBytes: number; readonly hide: Hide } {
    return { mostBytes: this.database.shares.mostBytes, hide: this.hide };
  }

  async #of<Found>(taskId: string, read: () => Promise<Found | undefined>): Promise<Found> {
    const found = isId(taskId) ? await orUnavailable(read) : undefined;
    if (found === undefined) throw taskNotFound(taskId);
    return found;
  }
}
