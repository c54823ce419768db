/** Begins another epoch of `task_pages` when the database is somewhere else than before. */
import { isTransient } from '@continuo/agent/internal/platform/database-errors.js';
import type { MigrationClient } from '../platform/migration-table.js';
import { steppingBack } from '../platform/step-back.js';

/** What tells this place from others. Each may be refused to an ordinary role somewhere; the others do then. */
const SIGNS = [
  // Another cluster; a copy of this one that has gone its own way, or this one gone back in time; restored beside it.
  'SELECT system_identifier::text AS sign FROM pg_control_system()',
  'SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS sign',
  `SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) || '.' || 'task_pages'::regclass::oid AS sign`,
];

/** Ids that are yet to come here can be of another place only. Looks at the oldest pages and the newest. */
const PAGES = 1_000;
const aheadSql = `
WITH far AS (SELECT greatest(pg_relation_size('task_pages') / current_setting('block_size')::int - ${PAGES}, 0) AS page)
SELECT EXISTS (
  SELECT 1 FROM task_pages WHERE ctid < '(${PAGES},0)' AND epoch = $1 AND xid >= pg_snapshot_xmax(pg_current_snapshot())
  UNION ALL
  SELECT 1 FROM task_pages WHERE ctid >= (SELECT format('(%s,0)', page)::tid FROM far)
    AND epoch = $1 AND xid >= pg_snapshot_xmax(pg_current_snapshot())
) AS ahead`;

const nowSql = `
SELECT epoch::float8 AS epoch, place,
       (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
        WHERE adrelid = 'task_pages'::regclass
          AND adnum = (SELECT attnum FROM pg_attribute WHERE attrelid = adrelid AND attname = 'epoch')) AS written
FROM commit_epochs ORDER BY epoch DESC LIMIT 1`;

/** By the clock, as a backup may be restored twice: readers of the first restored database may come to the second. */
const nextSql = `
INSERT INTO commit_epochs (epoch, place) VALUES (greatest($1::bigint + 1, extract(epoch FROM now())::bigint), $2)
RETURNING epoch::float8 AS epoch`;

/**
 * Transaction ids, which put commits in order, mean something in one cluster alone: what was written in others comes first,
 * whatever its ids. To be called before anything is written, while nobody else starts.
 */
export async function ensureCommitEpoch(client: MigrationClient): Promise<void> {
  const place = await placeOf(client);
  const [last] = await client.rows<{ epoch: number; place: string; written: string }>(nowSql);
  if (last === undefined) return;
  const [ids] = await client.rows<{ ahead: boolean }>(aheadSql, [last.epoch]);
  const moved = last.place !== '' && last.place !== place;
  if (moved || ids?.ahead === true) {
    await steppingBack(client, async () => {
      const [next] = await client.rows<{ epoch: number }>(nextSql, [last.epoch, place]);
      await writeIn(client, next?.epoch ?? last.epoch);
    });
    return;
  }
  if (last.place === '') await client.rows('UPDATE commit_epochs SET place = $1 WHERE epoch = $2', [place, last.epoch]);
  if (Number(last.written.replace(/\D/g, '')) !== last.epoch) {
    await steppingBack(client, () => writeIn(client, last.epoch));
  }
}

/** Takes the table for itself for a moment: what was written before is of the epoch before, and committed. */
async function writeIn(client: MigrationClient, epoch: number): Promise<void> {
  await client.rows(`ALTER TABLE task_pages ALTER COLUMN epoch SET DEFAULT ${epoch}`);
}

async function placeOf(client: MigrationClient): Promise<string> {
  const signs: string[] = [];
  for (const sql of SIGNS) {
    try {
      const [row] = await client.rows<{ sign: string }>(sql);
      signs.push(row?.sign ?? '');
    } catch (error) {
      if (isTransient(error)) throw error;
      signs.push('');
    }
  }
  return signs.join('/');
}
