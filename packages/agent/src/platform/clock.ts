/** The only place where time is read and waited for, so that tests and replays can say which time it is. */
import { setMaxListeners } from 'node:events';

export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node's timers take no more, and fire at once when they get it: some 24 days. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => (ms > LONGEST_TIMER_MS ? long(ms, signal) : delay(ms, signal)),
};

async function long(ms: number, signal: AbortSignal | undefined): Promise<void> {
  for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) await delay(Math.min(left, LONGEST_TIMER_MS), signal);
}

/** Every run has one such wait: that of Node makes an error of its own, with its stack, for each that is not waited out. */
function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(asError(signal.reason));
      return;
    }
    const aborted = (): void => {
      clearTimeout(timer);
      reject(asError(signal?.reason));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }, ms);
    if (signal === undefined) return;
    // Any number may wait for the same end, and each takes its listener away: no leak to be warned of.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', aborted, { once: true });
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
