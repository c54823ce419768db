/** A directory for what one test file writes. */
import { rm } from 'node:fs/promises';
import { aTestFailed, afterThisFile } from './outcome.js';
import { makeTemporaryDirectory } from './temporary-directory.js';

/** A new directory that others can enter; it goes after the file, unless a test of it has failed. */
export async function makeTestDirectory(name: string): Promise<string> {
  const directory = await makeTemporaryDirectory(name);
  afterThisFile(async () => {
    if (!aTestFailed()) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  return directory;
}
