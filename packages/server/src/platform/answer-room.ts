/** Room for large answers: what is put together and what waits for its clients is, over all of them, no more than memory allows. */
import { getHeapStatistics } from 'node:v8';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

/** An answer exists several times while it is made: as text, as objects, as bytes. */
const SHARE_OF_HEAP = 8;
const ANSWER_BYTES = 32 * 1024 ** 2;
const LOOK_AGAIN_MS = 50;
const WAIT_MS = 10_000;

export interface AnswerRoomOptions {
  /** Bytes of content that one answer may carry. Default 32 MiB. */
  readonly answerBytes?: number;
  /** Bytes that wait for clients who have not taken them yet. Default none. */
  readonly unsent?: () => number;
}

export class AnswerRoom {
  readonly answerBytes: number;
  readonly #allBytes: number;
  readonly #unsent: () => number;
  #held = 0;

  constructor(
    { answerBytes = ANSWER_BYTES, unsent = () => 0 }: AnswerRoomOptions,
    private readonly clock: Clock,
  ) {
    this.answerBytes = answerBytes;
    this.#allBytes = Math.max(answerBytes, getHeapStatistics().heap_size_limit / SHARE_OF_HEAP);
    this.#unsent = unsent;
  }

  /** Makes an answer of so many bytes when there is room for it. Throws UNAVAILABLE after ten seconds without. */
  async take<Result>(bytes: number, make: () => Promise<Result>): Promise<Result> {
    const size = Math.min(bytes, this.answerBytes);
    for (let waited = 0; !this.#fits(size); waited += LOOK_AGAIN_MS) {
      if (waited >= WAIT_MS) {
        throw new ContinuoError('UNAVAILABLE', 'Too many large answers wait for their clients; try again later.', {
          retryAfterSeconds: WAIT_MS / 1000,
        });
      }
      await this.clock.sleep(LOOK_AGAIN_MS);
    }
    this.#held += size;
    try {
      return await make();
    } finally {
      this.#held -= size;
    }
  }

  #fits(bytes: number): boolean {
    const taken = this.#held + this.#unsent();
    return taken === 0 || taken + bytes <= this.#allBytes;
  }
}
