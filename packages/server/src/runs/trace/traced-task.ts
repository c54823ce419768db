/** What a trace shows of the task itself: how far it is, its runs, and how its attempts failed. */
import type { ErrorCause, ErrorReport } from '@continuo/agent/internal/runs/error-report.js';
import { isTerminal, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { TaskFailure } from '@continuo/agent/internal/tasks/task.js';
import type { UsageFigures } from '@continuo/agent/internal/tasks/usage.js';
import type { Caller } from '../../platform/caller.js';
import type { Queryable } from '../../platform/database.js';
import { earlierRuns, tracedTasks } from '../../tasks/views.js';
import { instanceRows, usageOf } from '../views.js';
import type { TracedRun } from './trace.js';

export interface TracedTask {
  readonly id: string;
  readonly agent: string;
  readonly agent_version: string | null;
  readonly context_id: string;
  readonly parent_id: string | null;
  readonly root_id: string | null;
  readonly state: TaskState;
  readonly status_at: Date;
  readonly created_at: Date;
  readonly attempt: number;
  readonly origin: number;
  readonly held: boolean;
  readonly error: TaskFailure | null;
  readonly usage: UsageFigures | null;
  /** It is in a run's hands. */
  readonly runs: boolean;
  readonly run_instance: string | null;
  readonly earlier_runs: number;
  readonly ran_from: Date | null;
  readonly ran_until: Date | null;
  readonly ran_out: string | null;
  /** When the instance of its last run was lost, or left. */
  readonly gone_at: Date | null;
}

/** Runs in one page of a trace. */
const MOST_RUNS = 1_000;
/** Attempts whose failures are shown: the last ones. */
const MOST_FAILURES = 20;

const taskSql = `
SELECT t.id, t.agent, t.agent_version, t.context_id, t.parent_id, t.root_id, t.state, t.status_at, t.created_at, t.attempt,
  t.origin, t.held, t.error, t.runs, t.run_instance, t.earlier_runs, t.ran_from, t.ran_until, t.ran_out,
  coalesce(i.lost_at, i.left_at) AS gone_at, ${usageOf('t.id')} AS usage
FROM ${tracedTasks} t LEFT JOIN ${instanceRows} i ON i.id = t.run_instance
WHERE t.id = $1 AND t.tenant = $2 AND t.owner = $3`;

const runsSql = `
SELECT number, attempt, instance, version, began_at, ended_at, ending FROM ${earlierRuns} r
WHERE task_id = $1 AND number >= $2 AND ($3::int IS NULL OR number <= $3) ORDER BY number LIMIT ${MOST_RUNS}`;

const failuresSql = `
SELECT attempt, report FROM task_failures WHERE task_id = $1 ORDER BY attempt DESC LIMIT ${MOST_FAILURES}`;

/** Undefined for what doesn't exist and for what isn't the caller's. */
export async function readTracedTask(
  database: Queryable,
  { tenant, owner }: Caller,
  id: string,
): Promise<TracedTask | undefined> {
  const [task] = await database.query<TracedTask & Record<string, unknown>>(taskSql, [id, tenant, owner]);
  return task;
}

/** How the attempts of the task failed, by their numbers. */
export async function readFailures(database: Queryable, taskId: string): Promise<ReadonlyMap<number, ErrorReport>> {
  const rows = await database.query<{ attempt: number; report: ErrorReport }>(failuresSql, [taskId]);
  return new Map(rows.map(({ attempt, report }) => [attempt, report]));
}

/** Why the task failed: in full where that was recorded, else as far as the task says. */
export function errorOf(task: TracedTask, failures: ReadonlyMap<number, ErrorReport>): ErrorReport | null {
  if (task.state !== 'FAILED') return null;
  return failures.get(task.attempt) ?? (task.error === null ? null : withoutStack(task.error));
}

function withoutStack({ name, message, causes }: TaskFailure): ErrorReport {
  const own = causes.map((cause): ErrorCause => ({ name: 'Error', message: cause, stack: [] }));
  return { name, message, stack: [], causes: own };
}

type RunOfTask = Omit<TracedRun, 'error' | 'nodes'>;

/** The task's runs from number `from` on up to `to`, or to the last one. */
export async function readRuns(
  database: Queryable,
  task: TracedTask,
  from: number,
  to: number | null,
): Promise<readonly RunOfTask[]> {
  const rows = await database.query<{
    number: number;
    attempt: number;
    instance: string;
    version: string | null;
    began_at: Date | null;
    ended_at: Date | null;
    ending: string | null;
  }>(runsSql, [task.id, from, to]);
  const runs = rows.map((row) => ({
    number: row.number,
    attempt: row.attempt,
    instance: row.instance,
    agentVersion: row.version,
    startedAt: (row.began_at ?? task.created_at).toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    ending: row.ending,
  }));
  const last = task.earlier_runs + 1;
  // A task that waits for its turn has had none.
  return task.run_instance === null || (to !== null && to < last) ? runs : [...runs, lastRun(task, last)];
}

function lastRun(task: TracedTask, number: number): RunOfTask {
  const { state, runs, ran_from: from, ran_until: until, gone_at: goneAt } = task;
  const hasEnded = isTerminal(state);
  // What was asked or let go of, and cancelled then, ended for its run before.
  const endedAt = until ?? (hasEnded ? task.status_at : null) ?? (runs ? null : goneAt);
  const goesOn = runs && !hasEnded && until === null;
  return {
    number,
    attempt: task.attempt,
    instance: task.run_instance,
    agentVersion: task.agent_version,
    startedAt: (from ?? task.created_at).toISOString(),
    endedAt: goesOn ? null : (endedAt?.toISOString() ?? null),
    ending: hasEnded ? state : goesOn ? null : task.ran_out,
  };
}
