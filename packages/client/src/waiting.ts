/** Pauses between attempts, and signals that come together. */

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 10_000;

/** Milliseconds before attempt `failures` + 1: longer each time, a little random, and not less than the server asks for. */
export function pauseAfter(failures: number, retryAfterSeconds = 0): number {
  const usual = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return Math.max(usual * (0.75 + Math.random() / 2), retryAfterSeconds * 1000 * (1 + Math.random() / 10));
}

/** Resolves after `ms`, as soon as the network is back, or when `signal` is aborted. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted === true) return done();
    // Browsers tell; elsewhere there is no such event.
    globalThis.addEventListener?.('online', done);
    signal?.addEventListener('abort', done);
  });
}

/** A controller that is aborted with `signal`, until `unlink`. (`AbortSignal.any` keeps what it made, on Node 20.) */
export function linkedTo(signal: AbortSignal | undefined): {
  readonly controller: AbortController;
  readonly unlink: () => void;
} {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort);
  return { controller, unlink: () => signal?.removeEventListener('abort', abort) };
}
