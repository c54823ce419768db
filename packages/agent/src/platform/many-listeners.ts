/** Signals that any number may listen to. */
import { setMaxListeners } from 'node:events';

/**
 * No leak is warned of, however many wait for the end that `signal` tells of. Not by 0, which means the same to Node.js:
 * `getMaxListeners` throws for a signal with that, and with it each `fetch` of undici that is handed the signal.
 */
export function allowManyListeners(signal: AbortSignal): void {
  setMaxListeners(Infinity, signal);
}
