/** `continuo start`: becomes the built program, in this process: signals, the exit code and a kill reach it itself. */
import { pathToFileURL } from 'node:url';
import { builtEntry } from '../project/project.js';
import type { OutputOptions } from '../terminal/output.js';
import type { Terminal } from '../terminal/terminal.js';

/** Resolves when the program has been loaded; what it throws is thrown. */
export async function start(
  given: string | undefined,
  { json = false }: OutputOptions,
  { env }: Terminal,
): Promise<void> {
  const entry = builtEntry(given, process.cwd());
  // The program reads it, in this process and in those of `CONTINUO_PROCESSES`.
  if (json) env['CONTINUO_LOG_FORMAT'] = 'json';
  // What a program expects to see, and what `CONTINUO_PROCESSES` runs again.
  process.argv = [process.argv[0] ?? process.execPath, entry];
  await import(pathToFileURL(entry).href);
}
