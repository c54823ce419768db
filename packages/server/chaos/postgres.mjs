/** A PostgreSQL that the run restarts as it likes, in order or as in a crash. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const embedded = (name) => import(`../dist/platform/embedded-postgres/${name}.js`);
const run = promisify(execFile);

/**
 * @typedef {object} Postgres
 * @property {string} url stays valid through every restart
 * @property {() => Promise<number | undefined>} pid of the postmaster
 * @property {(mode: 'fast' | 'immediate') => Promise<void>} restart `immediate` loses every connection and recovers
 * @property {(signal: NodeJS.Signals) => Promise<void>} signal sends it to every process of it
 * @property {() => Promise<void>} stop
 * @property {<Row>(statement: string, values?: unknown[]) => Promise<Row[]>} query on a connection of its own
 */

/**
 * @param {string} directory an absolute path that other accounts may enter
 * @returns {Promise<Postgres>} with an empty database
 */
export async function startPostgres(directory) {
  const [{ findBinaries }, { makeCluster }, { ensureDatabase, urlOf }, { passwordOf }, { place }] = await Promise.all(
    ['binaries', 'cluster', 'connection', 'password', 'placement'].map(embedded),
  );
  const [{ ensureRunning }, { asAccount }, { findPostmaster }] = await Promise.all(
    ['postmaster', 'account', 'postmaster-file'].map(embedded),
  );
  const placement = await place(directory);
  const { account } = placement;
  const binaries = await findBinaries(account, placement.stagingDirectory);
  const password = await passwordOf(directory, true);
  const cluster = await makeCluster(binaries, placement, password);
  const installation = { binaries, account, cluster, password, logFile: join(directory, 'postgres.log') };
  const { port } = await ensureRunning(installation);
  await ensureDatabase({ port, password });
  const url = urlOf({ port, password });
  const stop = async (mode) => {
    if ((await findPostmaster(cluster)) === undefined) return;
    await run(binaries.pgCtl, ['stop', '-D', cluster, '-m', mode, '-t', '60', '-s'], asAccount(account));
  };
  return {
    url,
    pid: async () => (await findPostmaster(cluster))?.pid,
    restart: async (mode) => {
      await stop(mode);
      await ensureRunning(installation, port);
    },
    signal: async (signal) => {
      const postmaster = await findPostmaster(cluster);
      if (postmaster === undefined) return;
      signalIfThere(postmaster.pid, signal);
      const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
      for (const line of stdout.trim().split('\n')) {
        const [pid, parent] = line.trim().split(/\s+/).map(Number);
        if (parent === postmaster.pid) signalIfThere(pid, signal);
      }
    },
    stop: () => stop('fast'),
    query: async (statement, values) => {
      const client = new pg.Client({ connectionString: url, application_name: 'chaos' });
      await client.connect();
      try {
        return (await client.query(statement, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

/** Backends come and go while their list is read. */
function signalIfThere(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
