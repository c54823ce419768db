/** The token bucket of a caller: a burst, then a steady rate, and nothing of others. */
import { expect, it } from 'vitest';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { CallerLimits } from '../../src/platform/caller-limits.js';

const ada = { tenant: 'acme', owner: 'ada' };
const bob = { tenant: 'acme', owner: 'bob' };

function limited(requests: number) {
  let now = 0;
  const clock: Clock = { now: () => new Date(now), sleep: () => Promise.resolve() };
  const limits = new CallerLimits({ requests, streams: 0 }, clock);
  /** How many of `wanted` requests get through, and when the next may come. */
  const send = (caller: typeof ada, wanted: number) => {
    for (let sent = 0; sent < wanted; sent += 1) {
      try {
        limits.countRequest(caller);
      } catch (error) {
        if (error instanceof ContinuoError) return { sent, code: error.code, after: error.retryAfterSeconds };
        throw error;
      }
    }
    return { sent: wanted };
  };
  return { send, pass: (seconds: number) => (now += seconds * 1000) };
}

it('lets ten seconds of requests through at once, then as many as come in with time', () => {
  const { send, pass } = limited(5);
  expect(send(ada, 60)).toEqual({ sent: 50, code: 'RATE_LIMITED', after: 1 });
  expect(send(bob, 50)).toEqual({ sent: 50 });
  pass(1);
  expect(send(ada, 6)).toMatchObject({ sent: 5 });
  pass(3600);
  expect(send(ada, 60)).toMatchObject({ sent: 50 });
});

it('says when the next request may come', () => {
  const { send, pass } = limited(1);
  expect(send(ada, 11)).toEqual({ sent: 10, code: 'RATE_LIMITED', after: 1 });
  pass(0.5);
  expect(send(ada, 1)).toMatchObject({ sent: 0 });
  pass(0.5);
  expect(send(ada, 1)).toEqual({ sent: 1 });
});

it('counts nothing without a limit', () => {
  expect(limited(0).send(ada, 100_000)).toEqual({ sent: 100_000 });
});
