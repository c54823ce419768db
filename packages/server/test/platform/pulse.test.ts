/** The timer that streams share: nobody is silent for longer than a period, and nobody is interrupted. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pulse } from '../../src/platform/pulse.js';

const PERIOD_MS = 800;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('lets each stream speak before it has been silent for a period, whenever it has come', () => {
  const pulse = new Pulse(PERIOD_MS);
  const spoken: string[] = [];
  pulse.enter(() => spoken.push('first'));
  vi.advanceTimersByTime(PERIOD_MS / 2 + 1);
  pulse.enter(() => spoken.push('second'));
  vi.advanceTimersByTime(PERIOD_MS / 2);
  expect(spoken).toEqual(['first']);
  vi.advanceTimersByTime(PERIOD_MS / 2);
  expect(spoken).toEqual(['first', 'second']);
  vi.advanceTimersByTime(10 * PERIOD_MS);
  expect(spoken.filter((who) => who === 'first')).toHaveLength(11);
});

it('counts silence from what a stream has said last, and interrupts none', () => {
  const pulse = new Pulse(PERIOD_MS);
  let [spoken, interrupted] = [0, 0];
  const talker = pulse.enter(() => (spoken += 1));
  const busy = pulse.enter(() => (interrupted += 1));
  busy.since = Infinity;
  for (let time = 0; time < 20; time += 1) {
    vi.advanceTimersByTime(PERIOD_MS / 2);
    talker.since = pulse.now;
  }
  expect([spoken, interrupted]).toEqual([0, 0]);
  vi.advanceTimersByTime(PERIOD_MS);
  expect([spoken, interrupted]).toEqual([1, 0]);
});

it('stops when the last stream has ended', () => {
  const pulse = new Pulse(PERIOD_MS);
  const beats = [1, 2].map(() => pulse.enter(() => undefined));
  expect(vi.getTimerCount()).toBe(1);
  for (const beat of beats) pulse.leave(beat);
  expect(vi.getTimerCount()).toBe(0);
});
