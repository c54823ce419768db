/** A file that a command writes: it takes its place when it is whole, and what was there stays until then. */
import { open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { CommandFailedError } from './failure.js';
import { messageOf } from './message-of.js';

export interface OutputFile {
  /** Throws CommandFailedError when the disk takes no more, and whatever `pieces` throws. */
  write(pieces: AsyncIterable<Uint8Array>): Promise<void>;
  finish(): Promise<void>;
  /** As if nothing had been written. */
  discard(): Promise<void>;
}

/** `option`: by which the file is named. Throws CommandFailedError when nothing can be written there. */
export async function openOutput(option: string, path: string): Promise<OutputFile> {
  const told = async <Done>(done: Promise<Done>): Promise<Done> =>
    done.catch((error: unknown) => {
      throw new CommandFailedError(`${option} ${path} can't be written: ${messageOf(error)}.`);
    });
  const before = await stat(path).catch(() => undefined);
  // Behind a link it is what the link leads to that is replaced.
  const place = before === undefined ? path : await told(realpath(path));
  // What is no file, as /dev/null or a pipe, is written into: nothing can take its place.
  const isReplaced = before === undefined || before.isFile();
  const partial = isReplaced ? `${place}.${process.pid}.partial` : place;
  const file: FileHandle = await told(open(partial, isReplaced ? 'wx' : 'w', before?.mode));
  return {
    write: async (pieces) => {
      for await (const piece of pieces) await told(file.writeFile(piece));
    },
    finish: async () => {
      if (isReplaced) await told(file.sync());
      await told(file.close());
      if (isReplaced) await told(rename(partial, place));
    },
    discard: async () => {
      await file.close().catch(() => undefined);
      if (isReplaced) await rm(partial, { force: true });
    },
  };
}
