/** The waits between attempts: as the schedule says, a little spread, longer when the receiver asks for it, and over at the end. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/platform/config.js';
import { retryDelay } from '../../src/webhooks/retry-schedule.js';

const now = new Date('2026-01-01T00:00:00Z');
const schedule = loadConfig({}).webhookRetriesMs;
const middle = { chance: 0.5, retryAfter: undefined, now };

describe('by default', () => {
  it('lasts about a day', () => {
    const total = schedule.reduce((sum, wait) => sum + wait, 0);
    expect(Math.round(total / 3_600_000)).toBe(24);
    expect(schedule.map((_, index) => retryDelay(schedule, { ...middle, tries: index + 1 }))).toEqual(schedule);
    expect(retryDelay(schedule, { ...middle, tries: schedule.length + 1 })).toBeUndefined();
  });

  it('never waits more or less than a fifth longer or shorter', () => {
    const tried = fc.integer({ min: 1, max: schedule.length });
    fc.assert(
      fc.property(tried, fc.double({ min: 0, max: 1, noNaN: true }), (tries, chance) => {
        const wait = schedule[tries - 1] ?? 0;
        const delay = retryDelay(schedule, { ...middle, tries, chance }) ?? 0;
        expect(Math.abs(delay - wait)).toBeLessThanOrEqual(wait * 0.2 + 1);
      }),
    );
  });
});

it.each([
  ['7', 7_000],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['999999999', 86_400_000],
  ['0', 1_000],
  ['soon', 1_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 1_000],
])('Retry-After: %s makes the wait %i ms', (retryAfter, expected) => {
  expect(retryDelay([1_000], { tries: 1, retryAfter, now, chance: 0.5 })).toBe(expected);
});
