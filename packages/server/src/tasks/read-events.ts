/** Reads committed events of tasks, from where each reader stands. */
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { orUnavailable, type Reader } from '../platform/database.js';
import { pagesOf, toLogEvents, type PageRow } from './event-page.js';

/** Pages of the log that one read looks at. */
const PAGES = 250;

const sql = pagesOf(
  `(SELECT * FROM task_pages WHERE task_id = $1 AND last_seq > $2 ORDER BY last_seq LIMIT ${PAGES})`,
  'e.last_seq',
  '$3::int',
);

/** The next events of a task after `afterSeq`, at most a reader's page of them. */
export async function readEvents(database: Reader, taskId: string, afterSeq: number): Promise<readonly LogEvent[]> {
  const pages = await database.prepared<PageRow>('read-events', sql, [taskId, afterSeq, database.shares.bytes]);
  return pages.flatMap((page) => toLogEvents(page, afterSeq));
}

/** The events of a task after `afterSeq` up to `lastSeq`, page by page. */
export async function* readPages(
  database: Reader,
  taskId: string,
  afterSeq: number,
  lastSeq: number,
): AsyncGenerator<readonly LogEvent[], void> {
  const leave = database.shares.enter();
  try {
    for (let after = afterSeq; after < lastSeq;) {
      const from = after;
      const page = await orUnavailable(() => readEvents(database, taskId, from));
      const last = page.at(-1);
      if (last === undefined) return;
      yield page.filter(({ seq }) => seq <= lastSeq);
      after = last.seq;
    }
  } finally {
    leave();
  }
}

/** Where the logs of `taskIds` end. */
export async function readLastSeqs(database: Reader, taskIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await database.prepared<{ id: string; last_seq: number }>(
    'read-last-seqs',
    'SELECT id, last_seq FROM tasks WHERE id = ANY($1)',
    [taskIds],
  );
  return new Map(rows.map((row) => [row.id, row.last_seq]));
}
