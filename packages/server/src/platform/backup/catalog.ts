/** What a database has of Continuo's tables, as PostgreSQL's catalog says it: the migrations say which those are. */
import type { Migration } from '../migration-files.js';
import type { MigrationClient } from '../migration-table.js';
import type { BackupHead, BackupTable } from './format.js';

const CREATED = /^CREATE TABLE (?:IF NOT EXISTS )?(\w+)/gm;

/** The tables that these migrations make, those included that later ones take away. */
function namesIn(migrations: readonly Migration[]): readonly string[] {
  const made = migrations.flatMap(({ statements }) => [...statements.join('\n').matchAll(CREATED)]);
  return ['continuo_migrations', ...made.map(([, name = '']) => name)];
}

const ours = `(SELECT to_regclass(quote_ident(name)) FROM unnest($1::text[]) name)`;

const tablesSql = `
SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.oid IN ${ours} AND c.relkind = 'r'
GROUP BY c.relname ORDER BY c.relname`;

/** In the order of their names, with the columns that a row is made of. */
export function tablesOf(client: MigrationClient, migrations: readonly Migration[]): Promise<readonly BackupTable[]> {
  return client.rows<BackupTable>(tablesSql, [namesIn(migrations)]);
}

// What a sequence gives is in no transaction: it is read after the snapshot began, and so is behind none of its rows.
const sequencesSql = `
SELECT s.relname AS name, pg_sequence_last_value(s.oid)::text AS last
FROM pg_class s JOIN pg_sequence q ON q.seqrelid = s.oid
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
WHERE d.refobjid IN ${ours} ORDER BY s.relname`;

/** Those that have given something. */
export async function sequencesOf(
  client: MigrationClient,
  migrations: readonly Migration[],
): Promise<BackupHead['sequences']> {
  const sequences = await client.rows<{ name: string; last: string | null }>(sequencesSql, [namesIn(migrations)]);
  return sequences.flatMap(({ name, last }) => (last === null ? [] : [{ name, last }]));
}

export interface ForeignKey {
  readonly table: string;
  readonly name: string;
  /** As SQL writes it. */
  readonly definition: string;
}

const keysSql = `
SELECT c.relname AS "table", k.conname AS name, pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND k.conrelid IN ${ours}
ORDER BY c.relname, k.conname`;

export function foreignKeysOf(
  client: MigrationClient,
  migrations: readonly Migration[],
): Promise<readonly ForeignKey[]> {
  return client.rows<ForeignKey>(keysSql, [namesIn(migrations)]);
}

// What extensions bring along is nobody's.
const strangerSql = `
SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname = ANY (current_schemas(false))
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname LIMIT 1`;

/** The name of a table, or the like, where Continuo's would come; undefined when the database is empty. */
export async function anythingIn(client: MigrationClient): Promise<string | undefined> {
  return (await client.rows<{ name: string }>(strangerSql))[0]?.name;
}
