/** The instances table: who is alive, by heartbeat, on the database's own clock. */
import { versionOrder } from '@continuo/agent/internal/platform/version-order.js';
import type { Database, Queryable } from '../platform/database.js';
import { newestMigration } from '../platform/migration-files.js';
import type { MigrationClient } from '../platform/migration-table.js';
import { SILENCE_MS } from '../platform/watched-client.js';

/** Less is no silence yet on a busy machine. */
const LEAST_PATIENCE_MS = SILENCE_MS / 2;

/** A version of an agent, and whether its tasks stay with it as long as an instance has it. */
export interface OwnVersion {
  readonly version: string;
  readonly pinned: boolean;
}

/** What an instance can run: the versions of each agent, newest first, by the agent's key. */
export type OwnAgents = Readonly<Record<string, readonly OwnVersion[]>>;

const registerSql = `
WITH joined AS (INSERT INTO instances (id, host, pid, agents, schema) VALUES ($1, $2, $3, $4, $5) RETURNING id)
INSERT INTO instance_agents (agent, version, instance_id, rank, pinned)
SELECT a.agent, a.version, joined.id, a.rank, a.pinned
FROM joined, json_to_recordset($6) AS a(agent text, version text, rank text, pinned boolean)`;

/** Without `agents` it doesn't say what it can run, and is taken to run everything. */
export async function registerInstance(
  database: Database,
  id: string,
  host: string,
  pid: number,
  agents?: OwnAgents,
): Promise<void> {
  const { newest, all } = rowsOf(agents ?? {});
  await database.query(registerSql, [
    id,
    host,
    pid,
    agents === undefined ? null : newest,
    await newestMigration(),
    all,
  ]);
}

const changeSql = `
WITH changed AS (UPDATE instances SET agents = $2::jsonb WHERE id = $1 RETURNING id),
gone AS (
  DELETE FROM instance_agents i USING changed WHERE i.instance_id = changed.id
    AND NOT EXISTS (SELECT 1 FROM json_to_recordset($3) AS a(agent text, version text)
                    WHERE a.agent = i.agent AND a.version = i.version)
)
INSERT INTO instance_agents (agent, version, instance_id, rank, pinned)
SELECT a.agent, a.version, changed.id, a.rank, a.pinned
FROM changed, json_to_recordset($3) AS a(agent text, version text, rank text, pinned boolean)
ON CONFLICT DO NOTHING`;

/** What the instance can run from now on. */
export async function changeAgents(database: Database, id: string, agents: OwnAgents): Promise<void> {
  const { newest, all } = rowsOf(agents);
  await database.query(changeSql, [id, newest, all]);
}

/** No instance has the agent any more, nor had it: its tasks are claimed by nobody, and it is known to nobody. */
export async function unregisterAgent(client: Queryable, agent: string): Promise<void> {
  await client.query('DELETE FROM instance_agents WHERE agent = $1', [agent]);
  await client.query('UPDATE instances SET agents = agents - $1 WHERE agents ? $1', [agent]);
}

/** As the tables have them, in JSON. */
function rowsOf(agents: OwnAgents): { readonly newest: string; readonly all: string } {
  const own = Object.entries(agents);
  const newest = Object.fromEntries(own.map(([agent, versions]) => [agent, versions[0]?.version]));
  const all = own.flatMap(([agent, versions]) =>
    versions.map((each) => ({ agent, ...each, rank: versionOrder(each.version) })),
  );
  return { newest: JSON.stringify(newest), all: JSON.stringify(all) };
}

/** Names the living instances that don't know migration `number`; who was silent for `leaseMs` has gone. */
export async function olderInstances(
  client: MigrationClient,
  number: number,
  leaseMs: number,
): Promise<readonly string[]> {
  const rows = await client.rows<{ host: string; pid: number }>(
    `SELECT host, pid FROM instances
     WHERE lost_at IS NULL AND schema < $1
       AND greatest(heartbeat_at, pg_postmaster_start_time()) > now() - $2 * interval '1 ms'
     ORDER BY started_at`,
    [number, leaseMs],
  );
  return rows.map(({ host, pid }) => `process ${pid} on ${host}`);
}

/** Whether some instance can run the agent, or could within the last day: then one that can is likely to come again. */
export async function isKnownAgent(database: Database, agent: string): Promise<boolean> {
  const rows = await database.query('SELECT 1 FROM instances WHERE agents ? $1 LIMIT 1', [agent]);
  return rows.length > 0;
}

/**
 * False when this instance has been declared lost: others have taken its tasks over. A heartbeat without an answer within
 * the lease is as good as none.
 */
export async function beat(database: Database, id: string, leaseMs = SILENCE_MS): Promise<boolean> {
  const rows = await database.prepared(
    'beat',
    'UPDATE instances SET heartbeat_at = now() WHERE id = $1 AND lost_at IS NULL RETURNING id',
    [id],
    { patienceMs: Math.min(SILENCE_MS, Math.max(LEAST_PATIENCE_MS, leaseMs)) },
  );
  return rows.length > 0;
}

/**
 * An instance that leaves hands its tasks over at once: nobody waits for its lease. `inOrder`: its runs are not counted as
 * started in vain.
 */
export async function leave(database: Database, id: string, inOrder = true): Promise<void> {
  await database.query(
    'UPDATE instances SET lost_at = now(), left_at = CASE WHEN $2 THEN now() END WHERE id = $1 AND lost_at IS NULL',
    [id, inOrder],
  );
}

/**
 * Declares instances lost that have been silent for `leaseMs`; answers with their ids. Silence while PostgreSQL itself
 * was away doesn't count: after a restart everybody has a full lease to be heard again.
 */
export async function declareLost(client: Queryable, leaseMs: number): Promise<readonly string[]> {
  const rows = await client.query<{ id: string }>(
    `UPDATE instances SET lost_at = now()
     WHERE lost_at IS NULL AND greatest(heartbeat_at, pg_postmaster_start_time()) < now() - $1 * interval '1 ms'
     RETURNING id`,
    [leaseMs],
  );
  return rows.map((row) => row.id);
}

export async function aliveInstances(client: Queryable): Promise<ReadonlySet<string>> {
  const rows = await client.query<{ id: string }>('SELECT id FROM instances WHERE lost_at IS NULL');
  return new Set(rows.map((row) => row.id));
}

/** Instances lost for more than a day are of no interest any more. */
export async function forgetLost(client: Queryable): Promise<void> {
  await client.query(`DELETE FROM instances WHERE lost_at < now() - interval '1 day'`);
}
