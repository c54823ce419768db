/** What pg_dump and pg_restore do, without them: the PostgreSQL that Continuo brings has neither. */
import pg from 'pg';
import { migrate } from '../../src/platform/migrate.js';
import { migrateEngine } from './engine-schema.js';
import { runOn } from './postgres.js';

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
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'dbos')
GROUP BY 1 ORDER BY 1`;

const sequencesSql = `
SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS last FROM pg_sequences
WHERE last_value IS NOT NULL`;

const defaultSql = `
SELECT pg_get_expr(adbin, adrelid) AS written FROM pg_attrdef
WHERE adrelid = 'task_commits'::regclass AND pg_get_expr(adbin, adrelid) ~ '^.?[0-9]+'`;

/** Fills the empty database at `to`, of any cluster, with what the one at `from` holds; nobody may use either meanwhile. */
export async function restore(from: string, to: string): Promise<void> {
  await migrate(to);
  await migrateEngine(to);
  const [source, target] = [new pg.Client(from), new pg.Client(to)];
  await Promise.all([source.connect(), target.connect()]);
  try {
    // Triggers and foreign keys come after the rows.
    await target.query(`SET session_replication_role = replica`);
    const tables = (await source.query<Table>(tablesSql)).rows;
    await target.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')} CASCADE`);
    for (const table of tables) await copy(table, source, target);
    for (const { name, last } of (await source.query<Sequence>(sequencesSql)).rows) {
      await target.query('SELECT setval($1::regclass, $2::bigint)', [name, last]);
    }
    const [epoch] = (await source.query<{ written: string }>(defaultSql)).rows;
    await target.query(`ALTER TABLE task_commits ALTER COLUMN epoch SET DEFAULT ${epoch?.written}`);
  } finally {
    await Promise.all([source.end(), target.end()]);
  }
}

async function copy({ name, columns }: Table, source: pg.Client, target: pg.Client): Promise<void> {
  const texts = columns.map((column) => `${column.name}::text`).join(', ');
  const { rows } = await source.query<Record<string, string | null>>(`SELECT ${texts} FROM ${name}`);
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
