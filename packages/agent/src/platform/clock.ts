/** The only place where time is read and waited for, so that tests and replays can say which time it is. */
import { allowManyListeners } from './many-listeners.js';

export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** See `alarm`, which does without. */
  after?(ms: number, ring: () => void): () => void;
}

/** Node's timers take no more, and fire at once when they get it: some 24 days. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => (ms > LONGEST_TIMER_MS ? long(ms, signal) : delay(ms, signal)),
  after: (ms, ring) => {
    if (ms > LONGEST_TIMER_MS) return asleep(systemClock, ms, ring);
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Calls `ring` after `ms` milliseconds, unless what it returns is called before. For what is nearly always called off, as the
 * time limit of a run: a signal for each costs more than all else that a run does with time.
 */
export function alarm(clock: Clock, ms: number, ring: () => void): () => void {
  return clock.after?.(ms, ring) ?? asleep(clock, ms, ring);
}

function asleep(clock: Clock, ms: number, ring: () => void): () => void {
  const off = new AbortController();
  clock.sleep(ms, off.signal).then(
    () => {
      if (!off.signal.aborted) ring();
    },
    () => undefined,
  );
  return () => off.abort();
}

async function long(ms: number, signal: AbortSignal | undefined): Promise<void> {
  for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) await delay(Math.min(left, LONGEST_TIMER_MS), signal);
}

/** Many waits are not waited out: that of Node makes an error of its own, with its stack, for each of those. */
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
    allowManyListeners(signal);
    signal.addEventListener('abort', aborted, { once: true });
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
