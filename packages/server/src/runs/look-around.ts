/** What a sweep looks at first: who is alive, and whether there is something to do that few sweeps have to do. */
import type { Database } from '../platform/database.js';

/** One instance at a time does what is due. */
const LOCK = 7_046_029_255;

export interface Surroundings {
  /** Whether no other instance looked at the same moment. */
  readonly alone: boolean;
  readonly alive: ReadonlySet<string>;
  /** Whether an instance has been silent for its lease, or was lost so long ago that nobody needs to know of it. */
  readonly anyGone: boolean;
  /** Whether a run waits for a place. */
  readonly anyQueued: boolean;
}

const lookSql = `
SELECT pg_try_advisory_xact_lock(${LOCK}) AS alone,
  coalesce(json_agg(id) FILTER (WHERE lost_at IS NULL), '[]') AS alive,
  coalesce(bool_or(lost_at < now() - interval '1 day' OR (lost_at IS NULL
    AND greatest(heartbeat_at, pg_postmaster_start_time()) < now() - $1 * interval '1 ms')), false) AS gone,
  EXISTS (SELECT 1 FROM queued_runs WHERE begun_at IS NULL) AS queued
FROM instances`;

export async function lookAround(database: Database, leaseMs: number): Promise<Surroundings> {
  const [row] = await database.prepared<{
    alone: boolean;
    alive: readonly string[];
    gone: boolean;
    queued: boolean;
  }>('look-around', lookSql, [leaseMs]);
  if (row === undefined) throw new Error('nobody is there');
  return { alone: row.alone, alive: new Set(row.alive), anyGone: row.gone, anyQueued: row.queued };
}
