/** `continuo start`: becomes the built program, in this process: signals, the exit code and a kill reach it itself. */
import { pathToFileURL } from 'node:url';
import { builtEntry } from '../project/project.js';

/** Resolves when the program has been loaded; what it throws is thrown. */
export async function start(given: string | undefined): Promise<void> {
  const entry = builtEntry(given, process.cwd());
  // What a program expects to see, and what `CONTINUO_PROCESSES` runs again.
  process.argv = [process.argv[0] ?? process.execPath, entry];
  await import(pathToFileURL(entry).href);
}
