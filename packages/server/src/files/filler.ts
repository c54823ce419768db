/** Content that comes in pieces of any size, put together in buffers. */

export class Filler {
  #left: Buffer = Buffer.alloc(0);
  readonly #pieces: Iterator<Buffer>;

  constructor(content: Iterable<Buffer>) {
    this.#pieces = content[Symbol.iterator]();
  }

  /** The beginning of `buffer`, with what comes next; all of it as long as there is enough. */
  fill(buffer: Buffer): Buffer {
    let at = 0;
    while (at < buffer.length) {
      if (this.#left.length === 0) {
        const next = this.#pieces.next();
        if (next.done === true) break;
        this.#left = next.value;
      }
      const copied = this.#left.copy(buffer, at);
      this.#left = this.#left.subarray(copied);
      at += copied;
    }
    return buffer.subarray(0, at);
  }
}
