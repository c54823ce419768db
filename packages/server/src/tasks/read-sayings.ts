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
  const logged = await database.query<LogRow & Record<string, unknown>>(
    `SELECT keys, bytes, dropped FROM ${logRows} l WHERE task_id = $1`,
    [taskId],
  );
  const times = new Map(said.map((one) => [one.hash, one.times]));
  for (const hash of hashesOf(logged, origin)) times.set(hash, (times.get(hash) ?? 0) + 1);
  return {
    log: logged.reduce(withRow, NOTHING_SAID.log),
    said: times,
    streams: new Map(streams.map(({ stream, chunks, hash }) => [stream, { chunks, hash }])),
  };
}

interface LogRow {
  readonly keys: readonly string[];
  readonly bytes: number;
  readonly dropped: number;
}

function withRow({ lines, bytes, dropped }: KeptLog, row: LogRow): KeptLog {
  return { lines: lines + row.keys.length, bytes: bytes + row.bytes, dropped: Math.max(dropped, row.dropped) };
}

/** Of the lines since the task last began from the start. */
function hashesOf(rows: readonly LogRow[], origin: number): readonly string[] {
  const since = `${origin}:`;
  return rows.flatMap(({ keys }) => keys.filter((key) => key.startsWith(since)).map((key) => key.slice(since.length)));
}
