/** Answers that are no more than handed on: into a file, or to stdout. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { note } from '../terminal/output.js';
import { screenedPieces } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { openOutput } from '../terminal/output-file.js';
import type { Server } from './server.js';

/**
 * Writes what is at `address` as it comes: it may be larger than memory. A file is there when all of it is; until then what
 * was there stays. `what` is said to be in the file.
 */
export async function saveAnswer(
  server: Server,
  address: string,
  { file, what }: { readonly file: string | undefined; readonly what: string },
  terminal: Terminal,
): Promise<void> {
  if (file === undefined) {
    const { stdout } = terminal;
    const write = (pieces: AsyncIterable<Uint8Array>): Promise<void> =>
      pipeline(stdout.isTTY ? screenedPieces(pieces) : pieces, stdout, { end: false });
    await server.read(address, (response) => write(piecesOf(response)));
    return;
  }
  const output = await openOutput('--output', file);
  try {
    await server.read(address, (response) => output.write(piecesOf(response)));
    await output.finish();
  } catch (error) {
    await output.discard();
    throw error;
  }
  await note(terminal, `${what} is in ${file}.`);
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array, void> {
  if (body !== null) yield* Readable.fromWeb(body) as AsyncIterable<Uint8Array>;
}
