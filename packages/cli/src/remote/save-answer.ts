/** Answers that are no more than handed on: into a file, or to stdout. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { note } from '../terminal/output.js';
import type { Terminal } from '../terminal/terminal.js';
import type { Server } from './server.js';

/** Writes what is at `address` as it comes: it may be larger than memory. `what` is said to be in the file. */
export async function saveAnswer(
  server: Server,
  address: string,
  { file, what }: { readonly file: string | undefined; readonly what: string },
  terminal: Terminal,
): Promise<void> {
  const { body } = await server.told(server.client.fetch(address));
  if (body === null) return;
  await pipeline(Readable.fromWeb(body), file === undefined ? terminal.stdout : createWriteStream(file), {
    end: file !== undefined,
  });
  if (file !== undefined) await note(terminal, `${what} is in ${file}.`);
}
