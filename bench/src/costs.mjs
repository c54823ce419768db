/** What work costs beside time: CPU of the server, of PostgreSQL and of the client (Linux only), and what PostgreSQL writes ahead. */
import { cpuOf, cpuOfFamily, parentOf } from '../../packages/server/chaos/usage.mjs';
import { sum } from './stats.mjs';

/**
 * @typedef {object} Costs
 * @property {number | undefined} serverMs CPU of the server's process; undefined where it can't be known, as the next two
 * @property {number | undefined} databaseMs CPU of all processes of PostgreSQL
 * @property {number | undefined} cpuMs both together
 * @property {number | undefined} clientMs CPU of the client's process
 * @property {number} walBytes
 */

/**
 * Of the server's process, of all processes of PostgreSQL, and of what any database of it has written meanwhile: the first
 * touch of a page after a checkpoint included, as it is in production.
 *
 * @template T
 * @param {import("./bench.mjs").Bench} bench
 * @param {{ pid: number, databaseUrl: string }} server
 * @param {() => Promise<T>} work
 * @returns {Promise<T & { costs: Costs }>}
 */
export async function withCosts({ postgres, client }, { pid, databaseUrl }, work) {
  /** @returns {Promise<{ server: number | undefined, database: number | undefined, client: number | undefined, wal: bigint }>} */
  const look = async () => {
    /** @type {[number | undefined, bigint]} */
    let [database, wal] = [undefined, 0n];
    await postgres.connect(databaseUrl, async (connection) => {
      const { rows } = await connection.query(
        `SELECT pg_backend_pid() AS pid, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS wal`,
      );
      // As long as there is the backend.
      const postmaster = await parentOf(rows[0].pid);
      [database, wal] = [postmaster && (await cpuOfFamily(postmaster)), BigInt(rows[0].wal)];
    });
    return { server: await cpuOf(pid), client: await cpuOf(client.pid), database, wal };
  };
  const before = await look();
  const result = await work();
  const after = await look();
  const serverMs = spent(before.server, after.server);
  const databaseMs = spent(before.database, after.database);
  const cpuMs = serverMs === undefined || databaseMs === undefined ? undefined : serverMs + databaseMs;
  const clientMs = spent(before.client, after.client);
  return { ...result, costs: { serverMs, databaseMs, cpuMs, clientMs, walBytes: Number(after.wal - before.wal) } };
}

/** @param {number | undefined} before seconds, as `after` @param {number | undefined} after @returns {number | undefined} milliseconds */
function spent(before, after) {
  return before === undefined || after === undefined ? undefined : (after - before) * 1000;
}

/**
 * Milliseconds or bytes for each of what rounds brought; undefined where a figure is missing.
 *
 * @template {{ costs: Costs }} T
 * @param {readonly T[] | undefined} rounds
 * @param {(costs: Costs) => number | undefined} of
 * @param {(round: T) => number} brought
 */
export function costEach(rounds, of, brought) {
  const each = rounds?.map(({ costs }) => of(costs));
  if (rounds === undefined || each === undefined || each.includes(undefined)) return undefined;
  return sum(each.map(Number)) / sum(rounds.map(brought));
}
