/** Content as bytes, of files and artifacts: what breaks off is asked for again from where it was. */
import { ContinuoApiError, isPassing, unreachable } from './api-error.js';
import type { Transport } from './transport.js';
import { pause, pauseAfter } from './waiting.js';

const MOST_FAILURES = 8;
const PARTIAL_CONTENT = 206;
const BEHIND_THE_END = 416;

/** Which bytes are read. */
export interface ReadOptions {
  /** The byte to begin with. Default: 0. */
  readonly first?: number | undefined;
  /** The last byte, included. Default: that of the content. */
  readonly last?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes at `url`, piece by piece. Throws ContinuoApiError: also when the content has changed meanwhile, so that it can't be
 * gone on with.
 */
export async function* readBytes(
  transport: Transport,
  url: string,
  { first = 0, last, signal }: ReadOptions = {},
): AsyncGenerator<Uint8Array, void> {
  let place = first;
  let etag: string | null = null;
  for (let failures = 0; ;) {
    // All of it has come, and the connection broke off then.
    if (last !== undefined && place > last && place > first) return;
    const isWhole = place === 0 && last === undefined;
    const headers = {
      ...(isWhole ? {} : { range: `bytes=${place}-${last ?? ''}` }),
      ...(etag === null ? {} : { 'if-range': etag }),
    };
    try {
      const { response, done } = await transport.open(url, { headers }, { signal });
      try {
        if (!isWhole && response.status !== PARTIAL_CONTENT) {
          throw new ContinuoApiError(response.status, 'CONTENT_CHANGED', 'The content has changed while it was read.');
        }
        etag ??= response.headers.get('etag');
        const reader = response.body?.getReader();
        try {
          for (;;) {
            const { done: isOver = true, value } = (await reader?.read()) ?? {};
            if (isOver || value === undefined) return;
            place += value.byteLength;
            failures = 0;
            yield value;
          }
        } finally {
          await reader?.cancel().catch(() => undefined);
        }
      } finally {
        done();
      }
    } catch (error) {
      signal?.throwIfAborted();
      const problem = error instanceof ContinuoApiError ? error : unreachable(error);
      // Nothing is missing of what was read to its end.
      if (problem.status === BEHIND_THE_END && place > first) return;
      failures += 1;
      if (!isPassing(problem) || failures > MOST_FAILURES) throw problem;
      await pause(pauseAfter(failures, problem.retryAfter), signal);
    }
  }
}
