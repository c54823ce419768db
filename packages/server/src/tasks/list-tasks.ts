/** One page of the caller's tasks in the order of their last change, by cursor: so many tasks or so many bytes, at least one. */
import { MOST_INT } from '@continuo/agent/internal/platform/ranges.js';
import type { Caller } from '../platform/caller.js';
import { Cursor, MICROSECONDS, timePosition } from '../platform/cursor.js';
import type { Queryable } from '../platform/database.js';
import { detailColumns, sizeJoins, taskColumns, type TaskAt, type TaskRow, type TaskView } from './read-tasks.js';
import { filteredTasks, type TaskFilter } from './task-filter.js';

const cursor = new Cursor('tasks', timePosition);

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
  const { source, where, values, byWords } = filteredTasks(caller, filter);
  const from = `FROM ${source} t WHERE ${where.join(' AND ')}`;
  const [direction, beyond] = page.order === 'asc' ? ['ASC', '>'] : ['DESC', '<'];
  const total = byWords ? countFound(database, from, [...values]) : countTasks(database, from, [...values]);
  if (page.token !== '') {
    const [at, id] = cursor.decode(page.token);
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
    nextPageToken: last === undefined ? '' : cursor.encode([last.cursor_at, last.id]),
    totalSize,
  };
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
