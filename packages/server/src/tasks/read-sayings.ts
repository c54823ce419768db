/** Reads what a task has said, as far as a run that goes on must know it to say nothing twice. */
import { NOTHING_SAID, type KeptLog, type StoredSayings } from '@continuo/agent/internal/tasks/stored-sayings.js';
import { logRows } from '../runs/views.js';
import type { Queryable } from '../platform/database.js';

/** What was said since the task last began from the start, at `origin`. */
export async function readSayings(database: Queryable, taskId: string, origin: number): Promise<StoredSayings> {
  const said = await database.query<{ hash: string; times: number }>(
    `SELECT split_part(key, ':', 3) AS hash, count(*)::int AS times FROM task_pages, unnest(keys) AS key
     WHERE task_id = $1 AND key LIKE $2 GROUP BY key`,
    [taskId, `say:${origin}:%`],
  );
  const streams = await database.query<{ stream: string; chunks: number; hash: string }>(
    `SELECT DISTINCT ON (stream) stream, chunks, hash FROM (
       SELECT split_part(key, ':', 3) AS stream, split_part(key, ':', 4)::int AS chunks, split_part(key, ':', 5) AS hash,
         last_seq, n
       FROM task_pages, unnest(keys) WITH ORDINALITY AS k(key, n) WHERE task_id = $1 AND key LIKE $2) c
     ORDER BY stream, last_seq DESC, n DESC`,
    [taskId, `chunk:${origin}:%`],
  );
  const logged = await database.query<{ hash: string; times: number }>(
    `SELECT split_part(key, ':', 2) AS hash, count(*)::int AS times FROM ${logRows} l, unnest(l.keys) AS key
     WHERE l.task_id = $1 AND key LIKE $2 GROUP BY key`,
    [taskId, `${origin}:%`],
  );
  const [log = NOTHING_SAID.log] = await database.query<KeptLog & Record<string, unknown>>(
    `SELECT coalesce(sum(cardinality(keys)), 0)::int AS lines, coalesce(sum(bytes), 0)::int AS bytes,
       coalesce(max(dropped), 0)::int AS dropped
     FROM ${logRows} l WHERE task_id = $1`,
    [taskId],
  );
  return {
    log,
    said: new Map([...said, ...logged].map(({ hash, times }) => [hash, times])),
    streams: new Map(streams.map(({ stream, chunks, hash }) => [stream, { chunks, hash }])),
  };
}
