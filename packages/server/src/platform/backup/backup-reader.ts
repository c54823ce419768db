/** Reads a backup piece by piece: a line, or the rows of a table, of which only what is at hand is held. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { BackupRefusedError, END_OF_ROWS } from './format.js';

const LINE_END = 10;
const LONGEST_LINE = 16 * 1024 ** 2;
const AFTER_A_ROW = `\n${END_OF_ROWS}`;

export class BackupReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Throws BackupRefusedError, as all of them, for what is cut off or no backup. */
  static of(file: string): BackupReader {
    return new BackupReader(uncompressed(file));
  }

  /** Without its end. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(LINE_END);
      if (end >= 0) return this.#take(end + 1).toString('utf8', 0, end);
      if (this.#rest.length > LONGEST_LINE) throw broken('it has a line that is too long');
      await this.#more();
    }
  }

  /** The rows of a table, in pieces that may end anywhere; what follows is behind the line that ends them. */
  async *rows(): AsyncGenerator<Buffer> {
    for (let begun = false; ;) {
      // A table without rows: nothing is before the line that ends them.
      const isOver = !begun && this.#rest.subarray(0, END_OF_ROWS.length).toString('latin1') === END_OF_ROWS;
      if (isOver) return void this.#take(END_OF_ROWS.length);
      const end = this.#rest.indexOf(AFTER_A_ROW);
      if (end >= 0) {
        yield this.#take(end + 1);
        return void this.#take(END_OF_ROWS.length);
      }
      const whole = this.#rest.length - AFTER_A_ROW.length;
      if (whole > 0) {
        begun = true;
        yield this.#take(whole);
      }
      await this.#more();
    }
  }

  /** Nothing more is read. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done === true) throw broken('it is cut off');
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
  }
}

async function* uncompressed(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const text = createGunzip();
  source.on('error', (error) => text.destroy(error));
  try {
    yield* source.pipe(text) as AsyncIterable<Buffer>;
  } catch (error) {
    throw broken(messageOf(error), error);
  } finally {
    source.destroy();
    text.destroy();
  }
}

export function broken(why: string, cause?: unknown): BackupRefusedError {
  return new BackupRefusedError(`This is no backup that \`continuo backup\` has written, or not all of it: ${why}.`, {
    cause,
  });
}
