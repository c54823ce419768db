/** What a task's agent has logged, a page at a time. */
import type { LogLevel, LogLine } from '@continuo/agent/internal/tasks/agent-log.js';
import type { Hide } from '@continuo/agent/internal/platform/shown.js';
import type { Caller } from '../../platform/caller.js';
import type { Queryable } from '../../platform/database.js';
import type { LogPage, ReadLogLine } from './log-page.js';
import { tracedTasks } from '../../tasks/views.js';

export interface LogQuery {
  readonly taskId: string;
  /** The number of a line: only what came after it. */
  readonly after: number;
  /** This one and what is graver. */
  readonly level: LogLevel;
  readonly pageSize: number;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** All of a task's log has a bound, about a MiB, so that one page may be all of it. */
const sql = `
SELECT l.first_line, l.run, l.lines, l.dropped FROM ${tracedTasks} t LEFT JOIN task_logs l ON l.task_id = t.id
WHERE t.id = $1 AND t.tenant = $2 AND t.owner = $3
ORDER BY l.first_line`;

/** Undefined for what doesn't exist and for what isn't the caller's. */
export async function readLog(
  database: Queryable,
  { tenant, owner }: Caller,
  { taskId, after, level, pageSize }: LogQuery,
  hide: Hide,
): Promise<LogPage | undefined> {
  const rows = await database.query<{
    first_line: number | null;
    run: number | null;
    lines: readonly LogLine[] | null;
    dropped: number | null;
  }>(sql, [taskId, tenant, owner]);
  if (rows.length === 0) return undefined;
  const least = levels.indexOf(level);
  const all = rows.flatMap(({ first_line: first, run, lines }) =>
    (lines ?? []).map((line, index) => ({ number: (first ?? 1) + index, run: run ?? 1, ...line })),
  );
  const found = all.filter((line) => line.number > after && levels.indexOf(line.level) >= least);
  const lines = found.slice(0, pageSize);
  return {
    lines: JSON.parse(hide(JSON.stringify(lines))) as readonly ReadLogLine[],
    dropped: rows.reduce((most, { dropped }) => Math.max(most, dropped ?? 0), 0),
    next: found.length > lines.length ? (lines.at(-1)?.number ?? null) : null,
  };
}
