/** What one caller may ask of this instance: requests within a time, and event streams at the same time. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Caller } from './caller.js';
import type { Answer } from './sse.js';

/** Seconds whose requests a caller that was silent may send at once. */
const BURST_SECONDS = 10;
const STREAM_RETRY_SECONDS = 5;
/** Callers that may be known before those are forgotten who could send a whole burst again. */
const MOST_KNOWN = 10_000;

export interface CallerLimitsOptions {
  /** Requests a second; 0: any number. */
  readonly requests: number;
  /** Event streams at the same time; 0: any number. */
  readonly streams: number;
}

interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export class CallerLimits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #streams = new Map<string, number>();

  constructor(
    private readonly options: CallerLimitsOptions,
    private readonly clock: Clock,
  ) {}

  /** Counts a request. Throws RATE_LIMITED when there were too many. */
  countRequest(caller: Caller): void {
    const { requests } = this.options;
    if (requests === 0) return;
    const key = keyOf(caller);
    const at = this.clock.now().getTime();
    const tokens = this.#tokens(this.#buckets.get(key), at);
    if (tokens < 1) {
      const seconds = Math.ceil((1 - tokens) / requests);
      throw new ContinuoError('RATE_LIMITED', `More than ${requests} requests a second; come back in ${seconds} s.`, {
        retryAfterSeconds: seconds,
      });
    }
    this.#buckets.set(key, { tokens: tokens - 1, at });
    if (this.#buckets.size > MOST_KNOWN) this.#forgetFull(at);
  }

  /** Counts a stream until its response is over. Throws QUOTA_EXCEEDED when there are too many. */
  countStream(caller: Caller, response: Answer): void {
    const { streams } = this.options;
    if (streams === 0 || response.destroyed) return;
    const key = keyOf(caller);
    const open = this.#streams.get(key) ?? 0;
    if (open >= streams) {
      throw new ContinuoError('QUOTA_EXCEEDED', `${streams} event streams are open; close one first.`, {
        retryAfterSeconds: STREAM_RETRY_SECONDS,
      });
    }
    this.#streams.set(key, open + 1);
    response.once('close', () => {
      const left = (this.#streams.get(key) ?? 1) - 1;
      if (left === 0) this.#streams.delete(key);
      else this.#streams.set(key, left);
    });
  }

  #tokens(bucket: Bucket | undefined, at: number): number {
    const full = this.options.requests * BURST_SECONDS;
    if (bucket === undefined) return full;
    const since = Math.max(0, at - bucket.at) / 1000;
    return Math.min(full, bucket.tokens + since * this.options.requests);
  }

  #forgetFull(at: number): void {
    const full = this.options.requests * BURST_SECONDS;
    for (const [key, bucket] of this.#buckets) if (this.#tokens(bucket, at) >= full) this.#buckets.delete(key);
  }
}

function keyOf({ tenant, owner }: Caller): string {
  return JSON.stringify([tenant, owner]);
}
