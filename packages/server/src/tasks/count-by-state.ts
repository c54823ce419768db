/** How many of a caller's tasks are in each state: exact as far as it is cheap to count them. */
import { taskStates, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../platform/caller.js';
import type { Queryable } from '../platform/database.js';
import { filteredTasks, type TaskFilter } from './task-filter.js';

const COUNTED_EXACTLY = 2_000;

/** Exact up to 2,000 each; 2,001 stands for more. */
export interface TaskCounts {
  readonly states: Readonly<Record<TaskState, number>>;
  /** Of those that work: held until fitting code takes them up. */
  readonly held: number;
}

const HELD = 'HELD';

export async function countByState(database: Queryable, caller: Caller, filter: TaskFilter): Promise<TaskCounts> {
  const { source, where, values } = filteredTasks(caller, filter);
  const most = (condition: string): string =>
    `(SELECT count(*) FROM (SELECT 1 FROM ${source} t WHERE ${[...where, condition].join(' AND ')} LIMIT ${COUNTED_EXACTLY + 1}) c)`;
  const rows = await database.query<{ state: TaskState | typeof HELD; n: number }>(
    `SELECT s.state, ${most('t.state = s.state')} AS n FROM unnest($${values.length + 1}::text[]) s(state)
     UNION ALL SELECT '${HELD}', ${most('t.held IS NOT NULL')}`,
    [...values, taskStates],
  );
  const counted = new Map(rows.map(({ state, n }) => [state, n]));
  const states = Object.fromEntries(taskStates.map((state) => [state, counted.get(state) ?? 0]));
  return { states: states as Record<TaskState, number>, held: counted.get(HELD) ?? 0 };
}
