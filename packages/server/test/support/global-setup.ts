/** One real PostgreSQL for the whole run, with the migrated template that every test database is cloned from. */
import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { ensureBundled } from '../../../../scripts/prepare.mjs';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start.js';
import { createLog } from '../../src/platform/log.js';
import { migrate } from '../../src/platform/migrate.js';
import { databaseUrl, runOn } from './postgres.js';
import { makeTemporaryDirectory } from './temporary-directory.js';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: {
      /** Of a database to connect to while others are made and dropped. */
      readonly serverUrl: string;
      /** The migrated database; nobody may be connected to it. */
      readonly template: string;
    };
  }
}

interface Server {
  readonly url: string;
  stop(kept: readonly string[]): Promise<void>;
}

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  ensureBundled('program');
  ensureBundled('tests');
  const given = process.env.TEST_DATABASE_URL;
  const server = given === undefined || given === '' ? await startOwn() : { url: given, stop: tellKept };
  const template = `continuo_test_${process.pid}`;
  await runOn(server.url, `DROP DATABASE IF EXISTS ${template}`);
  await runOn(server.url, `CREATE DATABASE ${template}`);
  await migrate(databaseUrl(server.url, template));
  provide('postgres', { serverUrl: server.url, template });

  return async () => {
    await runOn(server.url, `DROP DATABASE ${template} WITH (FORCE)`);
    const kept = await runOn<{ datname: string }>(
      server.url,
      `SELECT datname FROM pg_database WHERE starts_with(datname, '${template}_')`,
    );
    await server.stop(kept.map((database) => database.datname));
  };
}

async function startOwn(): Promise<Server> {
  const dataDir = await makeTemporaryDirectory('postgres');
  const postgres = await startEmbeddedPostgres({ dataDir, log: createLog('warn') });
  // What the tests write need not survive a power cut; it does survive kill -9 and a restart of PostgreSQL.
  await runOn(postgres.url, 'ALTER SYSTEM SET fsync = off');
  await runOn(postgres.url, 'SELECT pg_reload_conf()');
  return {
    url: postgres.url,
    stop: async (kept) => {
      await postgres.stop();
      if (kept.length === 0) await rm(dataDir, { recursive: true, force: true });
      else process.stderr.write(`Kept for a look: ${kept.join(', ')} in the cluster at ${dataDir}\n`);
    },
  };
}

async function tellKept(kept: readonly string[]): Promise<void> {
  if (kept.length > 0) process.stderr.write(`Kept for a look: ${kept.join(', ')}\n`);
}
