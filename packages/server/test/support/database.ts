/** A database of its own for each test file, cloned from a template that was migrated once (see global-setup.ts). */
import { inject } from 'vitest';
import { aTestFailed, afterThisFile } from './outcome.js';
import { databaseUrl, runOn } from './postgres.js';
import { until } from './until.js';

export interface TestDatabase {
  readonly url: string;
  /** Drops it, whoever is still connected; keeps it when a test of the file failed. Happens by itself after the file. */
  drop(): Promise<void>;
}

let created = 0;

/** A fresh database with the current schema, and nothing in it. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createFrom(inject('postgres').template);
}

/** A fresh database without any schema. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createFrom('template0');
}

async function createFrom(source: string): Promise<TestDatabase> {
  const { serverUrl, template } = inject('postgres');
  created += 1;
  const name = `${template}_${process.pid}_${created}`;
  // PostgreSQL refuses to clone a template at the moment another connection looks at it.
  await until(async () => (await runOn(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${source}`), true), {
    what: `database ${name} to be cloned from ${source}`,
  });
  const url = databaseUrl(serverUrl, name);

  let open = true;
  async function drop(): Promise<void> {
    if (!open) return;
    open = false;
    if (aTestFailed()) return; // global-setup.ts tells where it is
    await runOn(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
  afterThisFile(drop);
  return { url, drop };
}
