/** Databases that move: by a backup of the product's, or as a golden dump. */
import { join } from 'node:path';
import pg from 'pg';
import { readBackup } from '../../src/platform/backup/read-backup.js';
import { writeBackup } from '../../src/platform/backup/write-backup.js';
import { runOn } from './postgres.js';
import { makeTestDirectory } from './test-directory.js';

interface Column {
  readonly name: string;
  readonly type: string;
}

interface Table {
  readonly name: string;
  /** Without those that PostgreSQL computes. */
  readonly columns: readonly Column[];
}

interface Sequence {
  readonly name: string;
  readonly last: string;
}

const ROWS_AT_ONCE = 500;

const tablesSql = `
SELECT format('%I.%I', n.nspname, c.relname) AS name,
       json_agg(json_build_object('name', quote_ident(a.attname), 'type', format_type(a.atttypid, a.atttypmod))
                ORDER BY a.attnum) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND n.nspname = 'public'
GROUP BY 1 ORDER BY 1`;

const sequencesSql = `
SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS last FROM pg_sequences
WHERE last_value IS NOT NULL`;

const defaultSql = `
SELECT pg_get_expr(adbin, adrelid) AS written FROM pg_attrdef
WHERE adrelid = 'task_pages'::regclass AND pg_get_expr(adbin, adrelid) ~ '^.?[0-9]+'`;

/** All rows of a database, as texts. */
export interface Dump {
  readonly tables: readonly (Table & { readonly rows: readonly Record<string, string | null>[] })[];
  readonly sequences: readonly Sequence[];
  /** The epoch of commits to come. */
  readonly epoch: string | undefined;
}

/** Fills the empty database at `to`, of any cluster, with what the one at `from` holds. */
export async function restore(from: string, to: string): Promise<void> {
  const file = join(await makeTestDirectory('restore'), 'backup');
  await writeBackup(from, file);
  await readBackup(to, file);
}

export async function copyOut(source: pg.Client): Promise<Dump> {
  const tables: Dump['tables'][number][] = [];
  for (const table of (await source.query<Table>(tablesSql)).rows) {
    const texts = table.columns.map((column) => `${column.name}::text`).join(', ');
    const { rows } = await source.query<Record<string, string | null>>(`SELECT ${texts} FROM ${table.name}`);
    tables.push({ ...table, rows });
  }
  const { rows: sequences } = await source.query<Sequence>(sequencesSql);
  const [epoch] = (await source.query<{ written: string }>(defaultSql)).rows;
  return { tables, sequences, epoch: epoch?.written };
}

/** Fills a database whose tables are made. */
export async function fill(target: pg.Client, { tables, sequences, epoch }: Dump): Promise<void> {
  // Triggers and foreign keys come after the rows.
  await target.query(`SET session_replication_role = replica`);
  await target.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')} CASCADE`);
  for (const table of tables) await copyIn(table, target);
  for (const { name, last } of sequences) {
    await target.query('SELECT setval($1::regclass, $2::bigint)', [name, last]);
  }
  // Version 0.1.0 said the epoch in another table.
  const log = tables.some(({ name }) => name === 'public.task_pages') ? 'task_pages' : 'task_commits';
  await target.query(`ALTER TABLE ${log} ALTER COLUMN epoch SET DEFAULT ${epoch}`);
}

async function copyIn({ name, columns, rows }: Dump['tables'][number], target: pg.Client): Promise<void> {
  const fields = columns.map((column) => `${column.name} text`).join(', ');
  const values = columns.map((column) => `r.${column.name}::${column.type}`).join(', ');
  const names = columns.map((column) => column.name).join(', ');
  const insert = `INSERT INTO ${name} (${names}) SELECT ${values} FROM json_to_recordset($1) AS r(${fields})`;
  for (let begin = 0; begin < rows.length; begin += ROWS_AT_ONCE) {
    await target.query(insert, [JSON.stringify(rows.slice(begin, begin + ROWS_AT_ONCE))]);
  }
}

/** Lets the cluster count on, as years of use do: `count` transactions more. */
export async function ageCluster(url: string, count: number): Promise<void> {
  await runOn(url, `DO $$ BEGIN FOR n IN 1..${count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`);
}
