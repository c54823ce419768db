/** When a provider wants to be asked again, in all the ways in which providers say so. */
import type { APICallError } from '@ai-sdk/provider';
import { systemClock } from '../../platform/clock.js';

const MOST_MS = 60_000;
/** Google's models say it in the body: `"retryDelay": "12.5s"`. */
const inBody = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/;

/** Milliseconds, a minute at the most; undefined where it isn't said, or is over. */
export function retryAfterOf({
  responseHeaders = {},
  responseBody = '',
}: Pick<APICallError, 'responseHeaders' | 'responseBody'>): number | undefined {
  const { 'retry-after-ms': ms, 'retry-after': seconds, date } = responseHeaders;
  const ways = [
    Number(ms ?? 0),
    Number(seconds ?? 0) * 1000,
    untilDate(seconds, date),
    Number(inBody.exec(responseBody)?.[1] ?? 0) * 1000,
  ];
  const wanted = ways.find((way) => Number.isFinite(way) && way > 0);
  return wanted === undefined ? undefined : Math.min(wanted, MOST_MS);
}

/** `Retry-After` may be a date (RFC 9110, section 10.2.3): by the clock of who says it, where that is known. */
function untilDate(retryAfter: string | undefined, date: string | undefined): number {
  const until = Date.parse(retryAfter ?? '');
  const now = Date.parse(date ?? '');
  return until - (Number.isNaN(now) ? systemClock.now().getTime() : now);
}
