/** Starts the one PostgreSQL that every server of the bench uses, with a fresh database for each of them. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const EMBEDDED_POSTGRES = new URL('../../packages/server/dist/platform/embedded-postgres/start.js', import.meta.url);

/**
 * @typedef {object} Postgres
 * @property {string} version as `SHOW server_version` tells
 * @property {(name: string) => Promise<string>} createDatabase makes an empty database, returns its URL
 * @property {(url: string, work: (client: pg.Client) => Promise<void>) => Promise<void>} connect
 * @property {() => Promise<void>} settle a checkpoint, so that one round does not pay for another's writes
 * @property {() => Promise<void>} stop drops the bench's databases, or stops the embedded PostgreSQL
 */

/**
 * @param {string} url
 * @param {(client: pg.Client) => Promise<void>} work
 */
async function connect(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Continuo's own embedded PostgreSQL, in a directory that is removed afterwards. */
async function startEmbedded() {
  const { startEmbeddedPostgres } = await import(EMBEDDED_POSTGRES.href);
  const dataDir = await mkdtemp(join(tmpdir(), 'continuo-bench-'));
  // PostgreSQL may run under another account, which has to reach its data.
  await chmod(dataDir, 0o755);
  const log = { info: () => undefined, warn: console.error, error: console.error };
  const cluster = await startEmbeddedPostgres({ dataDir, log });
  return {
    url: cluster.url,
    stop: async () => {
      await cluster.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * @param {string | undefined} databaseUrl an existing PostgreSQL; the embedded one by default
 * @returns {Promise<Postgres>}
 */
export async function startPostgres(databaseUrl) {
  const cluster = databaseUrl === undefined ? await startEmbedded() : { url: databaseUrl, stop: async () => undefined };
  /** @type {string[]} */
  const created = [];
  let version = '';
  await connect(cluster.url, async (client) => {
    const { rows } = await client.query('SHOW server_version');
    version = rows[0].server_version;
  });
  return {
    version,
    connect,
    createDatabase: async (name) => {
      const database = `continuo_bench_${process.pid}_${name}`;
      await connect(cluster.url, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
        await client.query(`CREATE DATABASE "${database}"`);
      });
      created.push(database);
      const url = new URL(cluster.url);
      url.pathname = `/${database}`;
      return url.href;
    },
    settle: () => connect(cluster.url, async (client) => void (await client.query('CHECKPOINT'))),
    stop: async () => {
      if (databaseUrl !== undefined) {
        await connect(cluster.url, async (client) => {
          for (const database of created) await client.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
        });
      }
      await cluster.stop();
    },
  };
}
