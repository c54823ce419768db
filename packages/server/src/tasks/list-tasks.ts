/** One page of the caller's tasks in the order of their last change, by cursor: so many tasks or so many bytes, at least one. */
import { isId } from '@continuo/agent/internal/platform/ids.js';
import { MOST_INT } from '@continuo/agent/internal/platform/ranges.js';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../platform/caller.js';
import { decodeCursor, encodeCursor, MICROSECONDS, timePosition } from '../platform/cursor.js';
import type { Queryable } from '../platform/database.js';
import { prefixQuery } from '../platform/prefix-query.js';
import { rowsById } from '../platform/rows-by-id.js';
import { tasksThatSay } from '../sessions/views.js';
import { detailColumns, sizeJoins, taskColumns, type TaskAt, type TaskRow, type TaskView } from './read-tasks.js';

export interface TaskFilter {
  readonly agent?: string | undefined;
  readonly contextId?: string | undefined;
  /** The key of the session that they are in. */
  readonly sessionKey?: string | undefined;
  readonly state?: TaskState | undefined;
  /** The state that they are not in. */
  readonly notInState?: TaskState | undefined;
  /** Whether they are held. */
  readonly held?: boolean | undefined;
  readonly statusAfter?: Date | undefined;
  readonly parentTaskId?: string | undefined;
  readonly rootTaskId?: string | undefined;
  /** Words that its messages say in its session; the last one may be a beginning. */
  readonly q?: string | undefined;
}

export interface TaskPageRequest extends TaskView {
  readonly size: number;
  /** Empty for the first page. */
  readonly token: string;
  /** By the last change: `desc` (the default) has the newest first. */
  readonly order?: 'asc' | 'desc';
}

export interface TaskPage {
  readonly tasks: readonly TaskAt[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
  /** Exact for words, and up to 2,000; above, PostgreSQL's estimate: counting every row would make each page cost the whole list. */
  readonly totalSize: number;
}

const COUNTED_EXACTLY = 2_000;

export async function listTasks(
  database: Queryable,
  caller: Caller,
  filter: TaskFilter,
  page: TaskPageRequest & { readonly mostBytes: number },
): Promise<Omit<TaskPage, 'tasks'> & { readonly rows: readonly TaskRow[] }> {
  const values: unknown[] = [caller.tenant, caller.owner];
  const where = ['t.tenant = $1', 't.owner = $2', ...conditions(filter, values)];
  const query = prefixQuery(filter.q);
  const source = query === undefined ? 'tasks' : rowsById('tasks', tasksThatSay('$1', '$2', `$${values.push(query)}`));
  const from = `FROM ${source} t WHERE ${where.join(' AND ')}`;
  const [direction, beyond] = page.order === 'asc' ? ['ASC', '>'] : ['DESC', '<'];
  const total = query === undefined ? countTasks(database, from, [...values]) : countFound(database, from, [...values]);
  if (page.token !== '') {
    const [at, id] = decodeCursor(page.token, timePosition);
    values.push(at, id);
    where.push(`(t.status_at, t.id) ${beyond} ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  const history = String(page.historyLength ?? MOST_INT);
  const artifacts = String(page.artifacts);
  const order = `ORDER BY t.status_at ${direction}, t.id ${direction}`;
  const most = String(page.mostBytes);
  const sql = `
    SELECT ${taskColumns}, ${detailColumns(history, artifacts, most)}, t.found,
           to_char(t.status_at AT TIME ZONE 'UTC', '${MICROSECONDS}') AS cursor_at
    FROM (
      SELECT t.*, size.bytes, sum(size.bytes) OVER (${order} ROWS UNBOUNDED PRECEDING) AS upto, count(*) OVER () AS found
      FROM (SELECT t.* FROM ${source} t WHERE ${where.join(' AND ')} ${order} LIMIT ${page.size + 1}) t
      ${sizeJoins(history, artifacts)}
    ) t CROSS JOIN LATERAL (SELECT t.bytes) size
    WHERE t.upto <= ${most} OR t.upto = t.bytes
    ${order}`;
  const [found, totalSize] = await Promise.all([
    database.query<TaskRow & { cursor_at: string; found: number }>(sql, values),
    total,
  ]);
  const rows = found.slice(0, page.size);
  const last = rows.length < (found[0]?.found ?? 0) ? rows.at(-1) : undefined;
  return {
    rows,
    nextPageToken: last === undefined ? '' : encodeCursor([last.cursor_at, last.id]),
    totalSize,
  };
}

/** What `filter` asks for beside words. */
function conditions(filter: TaskFilter, values: unknown[]): readonly string[] {
  const where: string[] = [];
  const add = (value: unknown, condition: (parameter: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  add(filter.agent, (value) => `t.agent = ${value}`);
  add(filter.contextId, (value) => `t.context_id = ${value}`);
  add(filter.sessionKey, (value) => `t.session_id = ${value}`);
  add(filter.state, (value) => `t.state = ${value}`);
  add(filter.notInState, (value) => `t.state <> ${value}`);
  if (filter.held !== undefined) where.push(filter.held ? 't.held IS NOT NULL' : 't.held IS NULL');
  add(filter.statusAfter, (value) => `t.status_at >= ${value}`);
  for (const [column, id] of [
    ['parent_id', filter.parentTaskId],
    ['root_id', filter.rootTaskId],
  ] as const) {
    if (id !== undefined && !isId(id)) where.push('false');
    else add(id, (value) => `t.${column} = ${value}`);
  }
  return where;
}

async function countFound(database: Queryable, from: string, values: readonly unknown[]): Promise<number> {
  const [counted] = await database.query<{ n: number }>(`SELECT count(*) AS n ${from}`, values);
  return counted?.n ?? 0;
}

async function countTasks(database: Queryable, from: string, values: readonly unknown[]): Promise<number> {
  const [exact] = await database.query<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ${COUNTED_EXACTLY + 1}) counted`,
    values,
  );
  if (exact === undefined || exact.n <= COUNTED_EXACTLY) return exact?.n ?? 0;
  const [plan] = await database.query<{ 'QUERY PLAN': readonly { Plan: { 'Plan Rows': number } }[] }>(
    `EXPLAIN (FORMAT JSON) SELECT 1 ${from}`,
    values,
  );
  return Math.max(exact.n, plan?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0);
}
