/** Signals that are waited for can still be handed to whoever fetches. */
import { getMaxListeners } from 'node:events';
import { Request } from 'undici';
import { expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';

it('a signal that a sleep has listened to is taken by fetch, and warns of no leak', async () => {
  const { signal } = new AbortController();
  await systemClock.sleep(0, signal);
  expect(getMaxListeners(signal)).toBe(Infinity);
  expect(new Request('http://127.0.0.1:9/', { signal }).signal.aborted).toBe(false);
});
