/** How much the readers of this process hold in memory together: the more there are, the smaller are their pages. */
import { getHeapStatistics } from 'node:v8';

const MIB = 1024 ** 2;
/** Bytes of one page where there are few readers. */
const MOST_BYTES = 2 * MIB;
/** Bytes of one page, however many readers there are. */
const LEAST_BYTES = 64 * 1024;
/** Bytes of the pages of all readers, as long as `LEAST_BYTES` allow it; a small part of what Node may use. */
const ALL_BYTES = Math.min(32 * MIB, getHeapStatistics().heap_size_limit / 16);

export class ReaderShares {
  #readers = 0;

  /** `mostBytes`: of one page where there are few readers, and of a page that is an answer. */
  constructor(readonly mostBytes = MOST_BYTES) {}

  /** How many read at this moment, or wait for more to read. */
  get readers(): number {
    return this.#readers;
  }

  /** Bytes that the next page of a reader may have; what is larger is read in slices. */
  get bytes(): number {
    return Math.max(LEAST_BYTES, Math.min(this.mostBytes, Math.floor(ALL_BYTES / Math.max(1, this.#readers))));
  }

  /** Counts a reader until the function that it gets is called. */
  enter(): () => void {
    this.#readers += 1;
    let inside = true;
    return () => {
      if (inside) this.#readers -= 1;
      inside = false;
    };
  }
}
