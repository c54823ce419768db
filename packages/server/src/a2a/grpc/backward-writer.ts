/** Protocol Buffers written from their end to their beginning: what stands in front of a message, its length, is known by then. */

/** Bytes of a text beyond which a loop of our own is slower than Node's. */
const SHORT = 64;
const FIRST_BYTES = 64 * 1024;
/** A buffer that has grown beyond that is not kept. */
const MOST_KEPT_BYTES = 1024 * 1024;

export class BackwardWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** Where the last byte was written. */
  #at = FIRST_BYTES;

  /** How many bytes have been written. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** What has been written, as a buffer of its own. */
  copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at));
  }

  /** Begins anew. */
  clear(): void {
    if (this.#bytes.length > MOST_KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.#at = this.#bytes.length;
  }

  /** What stands in front of all that was written since the length was `before`: its tag and its own length. */
  head(tag: number, before: number): void {
    this.varint(this.length - before);
    this.varint(tag);
  }

  /** A whole number of at least 0. */
  varint(value: number): void {
    if (value < 0x80) {
      this.#make(1);
      this.#bytes[(this.#at -= 1)] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
    this.#make(size);
    this.#at -= size;
    let rest = value;
    for (let place = this.#at; place < this.#at + size - 1; place += 1) {
      this.#bytes[place] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at + size - 1] = rest;
  }

  /** A whole number; throws RangeError for what is none. */
  integer(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`Expected a whole number, got ${value}`);
    if (value >= 0) return this.varint(value);
    // Its two's complement of 64 bits.
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest % 0x80n) + 0x80);
    bytes.push(Number(rest));
    this.#make(bytes.length);
    this.#at -= bytes.length;
    this.#bytes.set(bytes, this.#at);
  }

  double(value: number): void {
    this.#make(8);
    this.#at -= 8;
    this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** Its length included. */
  string(value: string): void {
    const before = this.length;
    if (value.length > SHORT || !this.#ascii(value)) {
      const size = Buffer.byteLength(value);
      this.#make(size);
      this.#at -= size;
      this.#bytes.write(value, this.#at, size, 'utf8');
    }
    this.varint(this.length - before);
  }

  /** Its length included. */
  binary(value: Buffer): void {
    this.#make(value.length);
    this.#at -= value.length;
    this.#bytes.set(value, this.#at);
    this.varint(value.length);
  }

  /** Whether it is nothing else; has written nothing otherwise. */
  #ascii(value: string): boolean {
    this.#make(value.length);
    const start = this.#at - value.length;
    for (let place = value.length - 1; place >= 0; place -= 1) {
      const code = value.charCodeAt(place);
      if (code >= 0x80) return false;
      this.#bytes[start + place] = code;
    }
    this.#at = start;
    return true;
  }

  /** Room for so many bytes. */
  #make(size: number): void {
    if (this.#at >= size) return;
    const { length } = this;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, 2 * (length + size)));
    this.#bytes.copy(grown, grown.length - length, this.#at);
    this.#bytes = grown;
    this.#at = grown.length - length;
  }
}
