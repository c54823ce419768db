/** What is in a backup: the text that `COPY` reads and writes, compressed, between a first line and a last one for us. */
import pg from 'pg';

export const FORMAT_VERSION = 1;

/** The first line, before the head as JSON. To SQL both are comments. */
export const HEAD = '-- continuo-backup ';
/** The last line, before BackupEnd as JSON: a file without it is cut off. */
export const END = '-- end of continuo-backup ';
/** Behind the rows of a table. */
export const END_OF_ROWS = '\\.\n';

export interface BackupTable {
  readonly name: string;
  /** Without those that PostgreSQL computes. */
  readonly columns: readonly string[];
}

export interface BackupHead {
  readonly version: number;
  /** ISO 8601: the moment as of which everything is. */
  readonly at: string;
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  /** In the order of the file. */
  readonly tables: readonly BackupTable[];
  readonly sequences: readonly { readonly name: string; readonly last: string }[];
}

export interface BackupEnd {
  /** Of each table, in their order. */
  readonly rows: readonly number[];
}

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
