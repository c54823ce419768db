/** Files that the command line names. */
import { readFile } from 'node:fs/promises';
import { CommandFailedError } from './failure.js';
import { messageOf } from './message-of.js';

/** `option`: by which it is named. Throws CommandFailedError when it can't be read. */
export async function givenFile(option: string, path: string): Promise<Buffer<ArrayBuffer>> {
  return readFile(path).catch((error: unknown) => {
    throw new CommandFailedError(`${option} ${path} can't be read: ${messageOf(error)}.`);
  });
}
