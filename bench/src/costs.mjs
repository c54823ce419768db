/** What work costs beside time: CPU of the server and of PostgreSQL (Linux only), and what PostgreSQL writes ahead. */
import { readFile, readdir } from 'node:fs/promises';

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICK_MS = 10;

/**
 * @typedef {object} Costs
 * @property {number | undefined} serverMs CPU of the server's process; undefined where it can't be known, as the next two
 * @property {number | undefined} databaseMs CPU of all processes of PostgreSQL
 * @property {number | undefined} cpuMs both together
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
export async function withCosts({ postgres }, { pid, databaseUrl }, work) {
  /** @returns {Promise<{ server: number | undefined, database: number | undefined, wal: bigint }>} */
  const look = async () => {
    /** @type {[number | undefined, bigint]} */
    let [database, wal] = [undefined, 0n];
    await postgres.connect(databaseUrl, async (client) => {
      const { rows } = await client.query(
        `SELECT pg_backend_pid() AS pid, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS wal`,
      );
      // As long as there is the backend.
      [database, wal] = [await cpuOfFamily(rows[0].pid), BigInt(rows[0].wal)];
    });
    return { server: await cpuOf(pid), database, wal };
  };
  const before = await look();
  const result = await work();
  const after = await look();
  const serverMs = spent(before.server, after.server);
  const databaseMs = spent(before.database, after.database);
  const cpuMs = serverMs === undefined || databaseMs === undefined ? undefined : serverMs + databaseMs;
  return { ...result, costs: { serverMs, databaseMs, cpuMs, walBytes: Number(after.wal - before.wal) } };
}

/** @param {number | undefined} before @param {number | undefined} after */
function spent(before, after) {
  return before === undefined || after === undefined ? undefined : after - before;
}

/** @param {number} pid @returns {Promise<{ parent: number, own: number, ended: number } | undefined>} milliseconds */
async function statOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name of the program, in brackets, may hold spaces.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map((n) => fields[n]);
  return { parent, own: (user + system) * TICK_MS, ended: (endedUser + endedSystem) * TICK_MS };
}

/** @param {number} pid */
async function cpuOf(pid) {
  return (await statOf(pid))?.own;
}

/** Of all processes that have the same parent as a backend: those that have ended are counted there. @param {number} backend */
async function cpuOfFamily(backend) {
  const parent = (await statOf(backend))?.parent;
  const postmaster = parent === undefined ? undefined : await statOf(parent);
  if (postmaster === undefined) return undefined;
  let cpu = postmaster.own + postmaster.ended;
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await statOf(Number(name)) : undefined;
    if (stat?.parent === parent) cpu += stat?.own ?? 0;
  }
  return cpu;
}
