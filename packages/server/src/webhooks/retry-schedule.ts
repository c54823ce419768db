/** When a delivery that failed is tried again: a pure function of the schedule, the attempt and what the receiver said. */

/** A receiver may ask for this much patience. */
const MOST_PATIENCE_MS = 24 * 60 * 60 * 1000;
/** Waits are up to this part longer or shorter, so that what failed together doesn't come back together. */
const JITTER = 0.2;

export interface Failure {
  /** 1 for the first attempt of a series. */
  readonly tries: number;
  /** The header as it came. */
  readonly retryAfter: string | undefined;
  readonly now: Date;
  /** From 0 to 1. */
  readonly chance: number;
}

/** Milliseconds until the next attempt; undefined when `scheduleMs` has no more. `Retry-After` can only lengthen them. */
export function retryDelay(
  scheduleMs: readonly number[],
  { tries, retryAfter, now, chance }: Failure,
): number | undefined {
  const wait = scheduleMs[tries - 1];
  if (wait === undefined) return undefined;
  const jittered = wait * (1 + JITTER * (2 * chance - 1));
  return Math.round(Math.max(jittered, Math.min(patienceMs(retryAfter, now), MOST_PATIENCE_MS)));
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, section 10.2.3); 0 for anything else. */
function patienceMs(retryAfter: string | undefined, now: Date): number {
  if (retryAfter === undefined) return 0;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const until = Date.parse(retryAfter);
  return Number.isNaN(until) ? 0 : Math.max(0, until - now.getTime());
}
