/** What the embedded PostgreSQL throws when it cannot run; the message says what to do about it. */
import { DatabaseError } from 'pg';

export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** Whether a system call failed with this code, such as `ENOENT`. */
export function failedWith(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** Completes a message: the way out that is always open. */
export const OR_YOUR_OWN = 'Or set DATABASE_URL to a PostgreSQL of your own.';

/** What the system or PostgreSQL says, with what to do about it; any other error as it is. */
export function inWords(error: unknown, dataDirectory: string): unknown {
  if (!(error instanceof DatabaseError) && !isOfTheSystem(error)) return error;
  const remedy = remedies[error.code ?? ''] ?? 'Set CONTINUO_DATA_DIR to another directory.';
  return new EmbeddedPostgresError(
    `The embedded PostgreSQL of ${dataDirectory} can't be used: ${error.message}. ${remedy} ${OR_YOUR_OWN}`,
    { cause: error },
  );
}

const MAKE_ROOM = 'Make room on its disk.';
const ANOTHER_USER =
  'Start Continuo as the user whose files these are, or set CONTINUO_DATA_DIR to a directory of your own.';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: MAKE_ROOM,
  EDQUOT: MAKE_ROOM,
  /** `disk_full`, as PostgreSQL says it. */
  53100: MAKE_ROOM,
  EACCES: ANOTHER_USER,
  EPERM: ANOTHER_USER,
};

function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** The last thing that a program of PostgreSQL complained of, in what it has written; undefined where that is nothing. */
export function reasonIn(written: string): string | undefined {
  return [...written.matchAll(/\b(?:error|FATAL|PANIC): +(.+?)\.?$/gm)].at(-1)?.[1];
}
