/** What is in a backup: the text that `COPY` reads and writes, compressed, between a first line and a last one for us. */
import pg from 'pg';
import { z } from 'zod';

export const FORMAT_VERSION = 1;

/** The first line, before the head as JSON. To SQL both are comments. */
export const HEAD = '-- continuo-backup ';
/** The last line, before BackupEnd as JSON: a file without it is cut off. */
export const END = '-- end of continuo-backup ';
/** Behind the rows of a table. */
export const END_OF_ROWS = '\\.\n';

const tableSchema = z.object({
  name: z.string(),
  /** Without those that PostgreSQL computes. */
  columns: z.array(z.string()).readonly(),
});

export type BackupTable = Readonly<z.output<typeof tableSchema>>;

/** What the heads of all versions have. */
export const versionSchema = z.object({ version: z.int() }).describe('with `version`');

export const headSchema = z
  .object({
    version: z.int(),
    /** ISO 8601: the moment as of which everything is. */
    at: z.string(),
    migrations: z.array(z.object({ name: z.string(), checksum: z.string() })).readonly(),
    /** In the order of the file. */
    tables: z.array(tableSchema).readonly(),
    sequences: z.array(z.object({ name: z.string(), last: z.string() })).readonly(),
  })
  .describe('with `version`, `at`, `migrations`, `tables` and `sequences`');

export type BackupHead = Readonly<z.output<typeof headSchema>>;

export const endSchema = z
  .object({
    /** Of each table, in their order. */
    rows: z.array(z.int()).readonly(),
  })
  .describe('with `rows`');

export type BackupEnd = Readonly<z.output<typeof endSchema>>;

/** The file, the database or both are not as they have to be; the message says what to do. */
export class BackupRefusedError extends Error {
  override readonly name = 'BackupRefusedError';
}

/** The line before the rows of a table: psql would read what follows. */
export function beginning(table: BackupTable): string {
  return `COPY ${withColumns(table)} FROM stdin;`;
}

/** `"name" ("column", …)`. */
export function withColumns({ name, columns }: BackupTable): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`;
}

export function quoted(name: string): string {
  return pg.escapeIdentifier(name);
}

export function count(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
