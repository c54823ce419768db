/** Statements that tell who waits for a lock of this database: a row for each. */

/** For the lock of a table. */
export function waitsForTable(table: string): string {
  return `SELECT 1 FROM pg_locks WHERE relation = '${table}'::regclass AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
}

/** For any lock, with a statement like this one. Default: with any. */
export function waitsForLock(statement = '%'): string {
  return `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
          AND query LIKE '${statement}'`;
}
