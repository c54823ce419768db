/** A PostgreSQL with pgvector in this process (PGlite), migrated, as far as the store of memories asks a database. */
import { readdir, readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

const MIGRATIONS = new URL('../migrations/', import.meta.url);

/** One connection: statements wait for each other. */
export async function openPgvector() {
  const lite = await PGlite.create({ extensions: { vector } });
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'));
  for (const name of files.toSorted()) {
    const sql = await readFile(new URL(name, MIGRATIONS), 'utf8');
    // Nobody else is connected.
    await lite.exec(sql.replaceAll(' CONCURRENTLY', ''));
  }
  const on = (client) => ({ query: async (text, values = []) => (await client.query(text, [...values])).rows });
  const database = {
    ...on(lite),
    reading: () => database,
    transaction: (work) => lite.transaction((client) => work(on(client))),
  };
  return { database, close: () => lite.close() };
}
