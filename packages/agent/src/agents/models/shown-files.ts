/** Shows a model the files of this server that messages name: as if they had come inline, as far as there is room. */
import type { Message, Part } from '../../sessions/message.js';
import type { TaskContext } from '../task-context.js';
import { TerminalError } from '../../platform/errors.js';
import { isTextual } from './file-names.js';
import { mediaTypeOf, type Reads } from './readable-files.js';

/** Of a text, more than any model reads. */
const MOST_TEXT_BYTES = 1024 ** 2;

export class ShownFiles {
  /** `room`: bytes that all files of a prompt may have together. */
  constructor(
    private readonly task: Pick<TaskContext, 'openFile' | 'readFile'>,
    private room: number,
    /** A file of another type appears by its name. */
    private readonly reads: Reads,
  ) {}

  async in(parts: readonly Part[]): Promise<readonly Part[]> {
    if (parts.every(({ url }) => url === undefined)) return parts;
    const shown: Part[] = [];
    for (const part of parts) shown.push(part.url === undefined ? part : await this.#shown(part));
    return shown;
  }

  /** The newest first: they are the likelier to matter. */
  async inMessages<Said extends { readonly message: Message }>(messages: readonly Said[]): Promise<readonly Said[]> {
    const shown: Said[] = [];
    for (const said of messages.toReversed()) {
      const parts = await this.in(said.message.parts);
      shown.push(parts === said.message.parts ? said : { ...said, message: { ...said.message, parts } });
    }
    return shown.toReversed();
  }

  /** A link to another server, and a file that is gone, stay what they are: names. */
  async #shown(part: Part): Promise<Part> {
    try {
      const { name: filename, mediaType, size } = await this.task.openFile(part);
      const { url: _, ...about } = part;
      const known = { ...part, filename, mediaType };
      const isText = isTextual({ mediaType });
      if (size > (isText ? Math.min(MOST_TEXT_BYTES, this.room) : this.room)) return known;
      if (!isText && !this.reads.has(mediaTypeOf(mediaType, ''))) return known;
      const content = await this.task.readFile(part, { maxBytes: size });
      this.room -= size;
      return { ...about, filename, mediaType, raw: Buffer.from(content).toString('base64') };
    } catch (error) {
      if (error instanceof TerminalError) return part;
      throw error;
    }
  }
}
