/** How a command fails: with a sentence that says what to do, and an exit code that says of which kind it is. */
import { CommanderError } from 'commander';
import { write, type Terminal } from './terminal.js';

/**
 * 0: done. 1: what was asked for is not so (a check that found something, a task that failed). 2: the command line is
 * wrong, or the command could not be carried out. 3: a task waits for an answer, and nobody can be asked here. 130: broken
 * off with Ctrl-C.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** Errors of the server that say what to do. */
const allSaid: ReadonlySet<string> = new Set([
  'ConfigError',
  'ContinuoError',
  'EmbeddedPostgresError',
  'CheckFailedError',
  'BackupRefusedError',
]);

export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';

  constructor(
    message: string,
    readonly code: ExitCode = 2,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What is said of an error, and the exit code. Commander has said what it has to say. */
export function failureOf(error: unknown): { readonly code: number; readonly lines: string } {
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : 2, lines: '' };
  if (error instanceof CommandFailedError) return { code: error.code, lines: error.message };
  const name = error instanceof Error ? error.name : '';
  const saysAll = allSaid.has(name);
  const said = error instanceof Error ? (saysAll ? error.message : (error.stack ?? error.message)) : String(error);
  return { code: 2, lines: said };
}

export async function print(lines: string, { stderr, errorColours }: Terminal): Promise<void> {
  if (lines !== '') await write(stderr, `${errorColours.red('error:')} ${lines}\n`);
}
