/** Tokens and cost over a time, bucket by bucket and agent by agent: for the statistics of tasks. */
import { dollars } from '@continuo/agent/internal/tasks/usage.js';
import type { Caller } from '../../platform/caller.js';
import type { Queryable } from '../../platform/database.js';
import type { StatisticsRange } from '../../tasks/read-statistics.js';

export interface Spent {
  /** Of language models, input and output. */
  readonly tokens: number;
  /** US dollars, as far as prices are known. */
  readonly cost: number;
}

export interface SpentOverTime {
  readonly total: Spent;
  /** By the beginning of the bucket, ISO 8601. */
  readonly buckets: ReadonlyMap<string, Spent>;
  readonly agents: ReadonlyMap<string, Spent>;
}

interface Row {
  readonly agent: string | null;
  readonly bucket: number | null;
  readonly tokens: number;
  readonly nanos: number;
}

const sql = `
SELECT agent, floor(date_part('epoch', at) / $5)::bigint AS bucket, coalesce(sum(total_tokens), 0)::float8 AS tokens,
       coalesce(sum(cost_nanos), 0)::float8 AS nanos
FROM model_calls
WHERE tenant = $1 AND owner = $2 AND ($3::text IS NULL OR agent = $3) AND at >= $4
GROUP BY GROUPING SETS ((agent), (floor(date_part('epoch', at) / $5)::bigint), ())`;

export async function readSpent(
  database: Queryable,
  { tenant, owner }: Caller,
  { from, bucketSeconds, agent }: StatisticsRange,
): Promise<SpentOverTime> {
  const rows = await database.query<Row & Record<string, unknown>>(sql, [
    tenant,
    owner,
    agent ?? null,
    from,
    bucketSeconds,
  ]);
  const total = rows.find((row) => row.agent === null && row.bucket === null);
  return {
    total: toSpent(total),
    buckets: new Map(
      rows.flatMap((row) =>
        row.bucket === null ? [] : [[new Date(row.bucket * bucketSeconds * 1_000).toISOString(), toSpent(row)]],
      ),
    ),
    agents: new Map(rows.flatMap((row) => (row.agent === null ? [] : [[row.agent, toSpent(row)]]))),
  };
}

function toSpent(row: Pick<Row, 'tokens' | 'nanos'> | undefined): Spent {
  return { tokens: row?.tokens ?? 0, cost: dollars(row?.nanos ?? 0) };
}
