/** Runs `npm run keys` as its script does, on a database. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const command = fileURLToPath(new URL('../../dist/auth/keys-command.js', import.meta.url));

/** Throws when the command fails. */
export function keysCommand(
  databaseUrl: string,
  ...words: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl };
  return promisify(execFile)(process.execPath, [command, ...words], { env });
}

/** A new key, made with these options. */
export async function newKey(databaseUrl: string, ...options: readonly string[]): Promise<string> {
  return (await keysCommand(databaseUrl, 'create', ...options)).stdout.trim();
}
