/** What a task's agent has logged, a page at a time. */
import { logLevels, type LogLevel, type LogLine } from '@continuo/agent/internal/tasks/agent-log.js';
import type { Hide } from '@continuo/agent/internal/platform/shown.js';
import type { Caller } from '../../platform/caller.js';
import type { Queryable } from '../../platform/database.js';
import type { LogPage, ReadLogLine } from './log-page.js';
import { hiddenIn } from './shown-value.js';
import { tracedTasks } from '../../tasks/views.js';

export interface LogQuery {
  readonly taskId: string;
  /** The number of a line: only what came after it. */
  readonly after: number;
  /** This one and what is graver. */
  readonly level: LogLevel;
  readonly pageSize: number;
}

/** All of a task's log has a bound, about a MiB, so that one page may be all of it. */
const sql = `
SELECT l.first_line, l.run, l.lines, (SELECT max(dropped) FROM task_logs WHERE task_id = t.id) AS dropped
FROM ${tracedTasks} t LEFT JOIN task_logs l ON l.task_id = t.id AND l.first_line + cardinality(l.keys) > $4
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
  }>(sql, [taskId, tenant, owner, after]);
  if (rows.length === 0) return undefined;
  const least = logLevels.indexOf(level);
  const all = rows.flatMap(({ first_line: first, run, lines }) =>
    (lines ?? []).map((line, index) => ({ number: (first ?? 1) + index, run: run ?? 1, ...line })),
  );
  const found = all.filter((line) => line.number > after && logLevels.indexOf(line.level) >= least);
  const lines = found.slice(0, pageSize);
  return {
    lines: hiddenIn<readonly ReadLogLine[]>(JSON.stringify(lines), hide),
    dropped: rows[0]?.dropped ?? 0,
    next: found.length > lines.length ? (lines.at(-1)?.number ?? null) : null,
  };
}
