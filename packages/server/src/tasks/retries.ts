/** Tasks that are tried again: those that have failed or were cancelled, and those that are held. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database } from '../platform/database.js';
import type { StateGuard } from './append-events.js';
import { notRetried, retriedStates, toRetry, type RetryFrom } from './attempts.js';
import type { EventLog } from './event-log.js';
import { readRetryBasis } from './read-retry.js';
import type { TaskAt } from './read-tasks.js';
import type { Actor } from './task-audit.js';
import { tooManyTasks } from './too-many-tasks.js';

export interface RetriesParts {
  readonly database: Database;
  readonly log: EventLog;
  readonly clock: Clock;
  /** Reads the caller's task, without what it says. Throws TASK_NOT_FOUND. */
  readonly read: (caller: Caller, id: string) => Promise<TaskAt>;
}

export interface Retrying {
  readonly from: RetryFrom;
  /** Of its event. */
  readonly key: string;
  readonly by: Actor;
}

export class Retries {
  constructor(private readonly parts: RetriesParts) {}

  /** See TasksService.retry. */
  async retry(caller: Caller, id: string, { from, key, by }: Retrying): Promise<readonly string[]> {
    const { database, log, clock, read } = this.parts;
    const found = await read(caller, id);
    const { task, agent, attempt, failure, held } = found;
    const guard = guardOf(found);
    const most = log.limits.active;
    const { kept, canceledChildren, crowded } = await orUnavailable(() => readRetryBasis(database, id, most));
    // What it called is not begun again for a task that is not.
    if (crowded) throw tooManyTasks(most);
    const start = from === 'start' || !kept;
    const children = start
      ? []
      : [...(failure?.childTaskId === undefined ? [] : [failure.childTaskId]), ...canceledChildren];
    const begins = start ? 'start' : 'failed-step';
    const below: string[] = [];
    for (const child of children) below.push(...(await this.#retryChild(caller, child)));
    await orUnavailable(() =>
      log.append({
        taskId: id,
        contextId: task.contextId,
        agent,
        guard: most > 0 && held === null ? { ...guard, mostActive: most } : guard,
        events: [
          {
            kind: 'statusUpdate',
            key,
            state: 'WORKING',
            progress: { fraction: start ? 0 : found.fraction, stage: '', attempt: attempt + 1 },
            ...(held === null ? {} : { held: null }),
          },
        ],
        sessionMessages: [],
        retry: toRetry(begins, failure),
        release: true,
        audit: { by, action: 'task.retried', details: { from: begins, attempt: attempt + 1 } },
        at: clock.now().toISOString(),
      }),
    );
    return [...below, id];
  }

  /** Nothing, when the child is on its way again, or done. */
  async #retryChild(caller: Caller, id: string): Promise<readonly string[]> {
    try {
      return await this.retry(caller, id, { from: 'failed-step', key: `retry:${newId()}`, by: null });
    } catch (error) {
      const settled =
        error instanceof ContinuoError && ['UNSUPPORTED_OPERATION', 'TASK_NOT_FOUND'].includes(error.code);
      if (settled) return [];
      throw error;
    }
  }
}

/** What must still be so when the new attempt begins. Throws UNSUPPORTED_OPERATION. */
function guardOf({ task: { id }, state, attempt, held }: TaskAt): StateGuard {
  if (held !== null) return { states: ['WORKING'], attempt, heldSince: held.since };
  if (retriedStates.some((retried) => retried === state)) return { states: retriedStates, attempt };
  throw new ContinuoError('UNSUPPORTED_OPERATION', notRetried(id, state));
}
