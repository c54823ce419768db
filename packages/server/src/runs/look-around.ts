/** What a sweep asks first: who is alive, and what there is to do at all. */
import { LOCKS } from '../platform/advisory-locks.js';
import type { Database } from '../platform/database.js';
import { someToRun } from '../tasks/views.js';

/** What another room asks with each look, as it need not ask by itself then. */
export interface Ask {
  /** A SQL expression that reads through fragments of the room's views.ts. */
  readonly sql: string;
  /** Called with what it is, as text. */
  readonly answered: (answer: string | null) => void;
}

export interface Looked {
  readonly leaseMs: number;
  /** Whether something is due, a SQL expression as those of `asks`. */
  readonly dueWhen: string;
  readonly asks: readonly Ask[];
}

export interface Surroundings extends Record<string, unknown> {
  /** Whether no other instance looked at the same moment. */
  readonly alone: boolean;
  /** Ids of the instances that are not lost. */
  readonly alive: readonly string[];
  /** Whether an instance has been silent for its lease, or was lost so long ago that nobody needs to know of it. */
  readonly gone: boolean;
  /** Whether a run waits for a place. */
  readonly queued: boolean;
  /** Whether a task is to be run, perhaps by a run that has it. */
  readonly toRun: boolean;
  /** What `dueWhen` says. */
  readonly due: boolean;
  /** To what others ask, in their order. */
  readonly answers: readonly (string | null)[];
}

const lookSql = ({ asks, dueWhen }: Looked): string => `
SELECT pg_try_advisory_xact_lock(${LOCKS.look}) AS alone,
  coalesce(json_agg(id) FILTER (WHERE lost_at IS NULL), '[]') AS alive,
  coalesce(bool_or(lost_at < now() - interval '1 day' OR (lost_at IS NULL
    AND greatest(heartbeat_at, pg_postmaster_start_time()) < now() - $1 * interval '1 ms')), false) AS gone,
  EXISTS (SELECT 1 FROM queued_runs WHERE begun_at IS NULL) AS queued,
  ${someToRun} AS "toRun",
  ${dueWhen} AS due,
  json_build_array(${asks.map(({ sql }) => `(${sql})::text`).join(', ')}) AS answers
FROM instances`;

export async function lookAround(database: Database, looked: Looked): Promise<Surroundings> {
  const [row] = await database.prepared<Surroundings>('look-around', lookSql(looked), [looked.leaseMs]);
  if (row === undefined) throw new Error('PostgreSQL answered without a row.');
  for (const [index, { answered }] of looked.asks.entries()) answered(row.answers[index] ?? null);
  return row;
}
