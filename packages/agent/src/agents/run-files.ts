/** Reads files for an agent: those that lie in its messages, and those that were uploaded to this server. */
import type { Clock } from '../platform/clock.js';
import { ContinuoError, TerminalError } from '../platform/errors.js';
import { patiently } from '../platform/patiently.js';
import type { TaskOwner } from '../tasks/claimed-task.js';
import type { FileReference, OpenedFile, TaskFile } from './task-context.js';

const DEFAULT_MOST_BYTES = 10 * 1024 ** 2;
/** What of a file is given at a time, in bytes. */
const WINDOW_BYTES = 512 * 1024;

/** A file that is stored where the agent runs. */
export interface ReadableFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** The bytes from `first` to `last`, both included. */
  read(first: number, last: number): AsyncIterable<Uint8Array>;
}

/** The owner's file of this address; undefined for one that is none of its server's. Throws FILE_NOT_FOUND. */
export type FindFile = (owner: TaskOwner, url: string) => Promise<ReadableFile | undefined>;

export interface RunFilesParts {
  readonly find: (url: string) => Promise<ReadableFile | undefined>;
  readonly clock: Clock;
  /** The run's. */
  readonly signal: AbortSignal;
}

/** The bytes from `first` to `last`, both included. */
type Read = (first: number, last: number) => Promise<Uint8Array>;

export class RunFiles {
  constructor(private readonly parts: RunFilesParts) {}

  async open(file: FileReference): Promise<OpenedFile> {
    const reference: Partial<TaskFile> & { readonly filename?: string | undefined } =
      typeof file === 'string' ? { url: file } : (file ?? {});
    const { raw, url, filename, name = filename, mediaType } = reference;
    if (raw !== undefined) {
      const content = Buffer.from(raw, 'base64');
      const about = { name: name ?? '', mediaType: mediaType ?? 'application/octet-stream' };
      return {
        ...about,
        size: content.length,
        stream: streamOf(content.length, async (first, last) => content.subarray(first, last + 1)),
      };
    }
    if (url === undefined) throw new TerminalError('openFile: expected a file, or a part that holds or names one.');
    const found = await this.#find(url);
    const read: Read = (first, last) => this.#window(found, first, last);
    return {
      name: name === undefined || name === '' ? found.name : name,
      mediaType: found.mediaType,
      size: found.bytes,
      stream: streamOf(found.bytes, read),
    };
  }

  async read(file: FileReference, maxBytes = DEFAULT_MOST_BYTES): Promise<Uint8Array> {
    const { name, size, stream } = await this.open(file);
    if (size > maxBytes) {
      throw new TerminalError(
        `The file ${name} has ${size} bytes, and at most ${maxBytes} were to be read (maxBytes).`,
      );
    }
    const content = new Uint8Array(size);
    let at = 0;
    for await (const chunk of stream()) {
      content.set(chunk, at);
      at += chunk.length;
    }
    return content;
  }

  async #find(url: string): Promise<ReadableFile> {
    const { find, clock, signal } = this.parts;
    try {
      const found = await patiently(() => find(url), clock, signal);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof ContinuoError) || error.code !== 'FILE_NOT_FOUND') throw error;
      throw new TerminalError(error.message, { cause: error });
    }
    throw new TerminalError(`${url} is no file of this server; a link to another one is for the agent to fetch.`);
  }

  /** Nothing is open between two windows: agents may leave a stream where it is. */
  #window(file: ReadableFile, first: number, last: number): Promise<Uint8Array> {
    const collect = async (): Promise<Uint8Array> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of file.read(first, last)) pieces.push(piece);
      return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    };
    return patiently(collect, this.parts.clock, this.parts.signal);
  }
}

/** Reads a window when it is asked for one. */
function streamOf(size: number, read: Read): OpenedFile['stream'] {
  return ({ start = 0, end = size } = {}) => {
    if (!(start >= 0) || !(end >= 0)) throw new TypeError('stream: expected start and end from 0');
    const beyond = Math.min(Math.floor(end), size);
    let at = Math.floor(start);
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (at >= beyond) return controller.close();
          const window = await read(at, Math.min(at + WINDOW_BYTES, beyond) - 1);
          at += window.length;
          controller.enqueue(window);
        },
      },
      { highWaterMark: 0 },
    );
  };
}
