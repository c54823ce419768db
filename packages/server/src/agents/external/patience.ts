/** Tries again while a remote agent is away or fails: ever more rarely, and not for ever. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { NoAnswer, RemoteFault } from './remote-errors.js';

const FIRST_DELAY_MS = 250;
const LAST_DELAY_MS = 15_000;

export interface Patience {
  readonly clock: Clock;
  /** Milliseconds that the remote agent may be away. */
  readonly patienceMs: number;
}

/**
 * The result of the first attempt that succeeds. Throws TerminalErrors at once, the signal's reason when it is aborted,
 * and a TerminalError when the time is over.
 */
export async function patiently<Result>(
  work: () => Promise<Result>,
  { clock, patienceMs }: Patience,
  signal?: AbortSignal,
): Promise<Result> {
  const end = clock.now().getTime() + patienceMs;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LAST_DELAY_MS)) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof TerminalError) throw error;
      const left = end - clock.now().getTime();
      if (left <= 0) throw new TerminalError(inTheEnd(error, inWords(patienceMs)));
      await clock.sleep(Math.min(delay, left), signal);
    }
  }
}

/** Who answers is not away, whatever the answer. */
function inTheEnd(error: unknown, time: string): string {
  if (error instanceof NoAnswer) return `${error.message} (for ${time})`;
  const what = error instanceof RemoteFault ? 'failed' : 'could not be reached';
  return `The remote agent ${what} for ${time}; the last reason: ${messageOf(error)}`;
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
