/** The check of open tasks itself failed: nothing is known of the tasks. */
import { messageOf } from '@continuo/agent/internal/platform/errors.js';

/** The tasks could not be checked; its message says why and what to do. */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';
}

/** PostgreSQL's codes for a table and for a column that isn't there. */
const remedies: Readonly<Record<string, string>> = {
  '42P01': 'The database has no tables of Continuo: is it the right one?',
  '42703':
    'The database is of another version than this code, which can only check tasks after the migration that comes with it.',
};

export function toCheckFailure(error: unknown): CheckFailedError {
  if (error instanceof CheckFailedError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const remedy = remedies[code];
  return new CheckFailedError(remedy === undefined ? messageOf(error) : `${remedy} (${messageOf(error)})`, {
    cause: error,
  });
}
