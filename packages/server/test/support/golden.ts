/** Golden dumps: a database with open tasks of every kind, as a version of Continuo left it. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { migrate } from '../../src/platform/migrate.js';
import { newestMigration } from '../../src/platform/migration-files.js';
import { copyOut, fill, type Dump } from './restore.js';
import { makeTestDirectory } from './test-directory.js';

/** Where they lie, one for each version that was released, `<version>.json.gz`. */
const DIRECTORY = new URL('../golden/', import.meta.url);
const MIGRATIONS = new URL('../../migrations/', import.meta.url);

export interface Golden extends Dump {
  /** The number of its last migration. */
  readonly schema: number;
  /** What the test has to know of it: the tasks by the names that it gave them. */
  readonly tasks: Readonly<Record<string, string>>;
}

export async function goldenVersions(): Promise<readonly string[]> {
  return (await readdir(DIRECTORY)).map((name) => name.replace('.json.gz', ''));
}

export async function readGolden(version: string): Promise<Golden> {
  return JSON.parse(gunzipSync(await readFile(new URL(`${version}.json.gz`, DIRECTORY))).toString()) as Golden;
}

/** Keeps the database at `url` as the golden dump of `version`. Nobody may use it. */
export async function writeGolden(version: string, url: string, tasks: Golden['tasks']): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const golden: Golden = { schema: await newestMigration(), tasks, ...(await copyOut(client)) };
    await writeFile(new URL(`${version}.json.gz`, DIRECTORY), gzipSync(JSON.stringify(golden), { level: 9 }));
  } finally {
    await client.end();
  }
}

/** Makes the schema that the dump had, in the empty database at `url`, and fills it. */
export async function loadGolden(golden: Golden, url: string): Promise<void> {
  const directory = await makeTestDirectory('golden');
  for (const name of await readdir(MIGRATIONS)) {
    if (Number.parseInt(name, 10) <= golden.schema) await copyFile(new URL(name, MIGRATIONS), join(directory, name));
  }
  await migrate(url, { directory: pathToFileURL(`${directory}/`) });
  const client = new pg.Client(url);
  await client.connect();
  try {
    // Version 0.1.0 had its queue in a schema that nobody looks at any more.
    const tables = golden.tables.filter(({ name }) => !name.startsWith('dbos.'));
    const sequences = golden.sequences.filter(({ name }) => !name.startsWith('dbos.'));
    await fill(client, { ...golden, tables, sequences });
  } finally {
    await client.end();
  }
}
