/** What the embedded PostgreSQL throws when it cannot run; the message says what to do about it. */

export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** Whether a system call failed with this code, such as `ENOENT`. */
export function failedWith(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** Completes a message: the way out that is always open. */
export const OR_YOUR_OWN = 'Or set DATABASE_URL to a PostgreSQL of your own.';
