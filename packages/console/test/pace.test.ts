/** How soon the console reads again what costs the server time. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from '../src/api/pace.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function afterReads(...durations: readonly number[]): Promise<number> {
  const pace = new Pace({ share: 10, mostMs: 5_000 });
  for (const ms of durations) {
    await pace.time(() => vi.advanceTimersByTimeAsync(ms));
  }
  return pace.waitMs;
}

it('waits for ten times as long as reading takes', async () => {
  expect(await afterReads(200, 300)).toBe(2_000);
});

it.each([[[4_000]], [[100, 4_000]], [[4_000, 100]]])('one slow answer counts for nothing: %j', async (durations) => {
  expect(await afterReads(...durations)).toBeLessThanOrEqual(1_000);
});

it('never waits longer than it says, however slow the server is', async () => {
  expect(await afterReads(40_000, 50_000)).toBe(5_000);
});
