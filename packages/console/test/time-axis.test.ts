/** The time axis of a waterfall: long waits made short, zoom and ticks. */
import { expect, test } from 'vitest';
import { moved, place, tickLabel, ticksOf, toAxis, zoomed } from '../src/routes/task/trace/axis.js';

const HOUR = 3_600_000;
const worked = (from: number, to: number | undefined) => ({ from, to, failed: false });

test('without waits it is the time', () => {
  const axis = toAxis(1_000, 3_000, [worked(1_000, 3_000)], true);
  expect(axis.length).toBe(2_000);
  expect([900, 1_000, 2_500, 3_000, 9_000].map((time) => place(axis, time))).toEqual([0, 0, 1_500, 2_000, 2_000]);
});

test('a wait that is longer than the work takes little of it, and everything keeps its order', () => {
  const end = 2 * HOUR;
  const busy = [worked(0, 2_000), worked(HOUR, HOUR + 4_000), worked(end - 1_000, undefined)];
  const axis = toAxis(0, end, busy, true);
  expect(axis.pieces.map(({ idle }) => idle)).toEqual([false, true, false, true, false]);
  expect(axis.length).toBeLessThan(10_000);
  const places = [0, 1_000, 2_000, HOUR / 2, HOUR, HOUR + 4_000, end].map((time) => place(axis, time));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(place(axis, HOUR + 4_000) - place(axis, HOUR)).toBe(4_000);
  expect(toAxis(0, end, busy, false).length).toBe(end);
});

test('it zooms around a place, and never beyond the ends', () => {
  const axis = toAxis(0, 1_000, [worked(0, 1_000)], true);
  const half = zoomed(axis, { from: 0, to: 1_000 }, 0.5, 200);
  expect(half).toEqual({ from: 100, to: 600 });
  expect(moved(axis, half, 5)).toEqual({ from: 500, to: 1_000 });
  expect(moved(axis, half, -5)).toEqual({ from: 0, to: 500 });
  expect(zoomed(axis, half, 100)).toEqual({ from: 0, to: 1_000 });
});

test('ticks are at round offsets', () => {
  const axis = toAxis(0, 1_000, [worked(0, 1_000)], true);
  expect(ticksOf(axis, { from: 0, to: 1_000 }, 5).map(({ offset }) => offset)).toEqual([0, 200, 400, 600, 800, 1_000]);
  expect(ticksOf(axis, { from: 300, to: 400 }, 5).map(({ offset }) => offset)).toEqual([300, 320, 340, 360, 380, 400]);
});

test.each([0, 1, 7_777, 45_000, 10 * 60_000, 7 * HOUR, 400 * 24 * HOUR])('of %i ms there are a few ticks', (length) => {
  const axis = toAxis(0, length, [worked(0, length)], true);
  const { length: count } = ticksOf(axis, { from: 0, to: axis.length }, 8);
  expect(count).toBeGreaterThan(1);
  expect(count).toBeLessThan(11);
});

test.each([
  [0, '0'],
  [0.25, '250 µs'],
  [250, '250 ms'],
  [1_500, '1.5 s'],
  [60_000, '1 min'],
  [90_000, '1 min 30 s'],
  [105_000, '1 min 45 s'],
  [HOUR, '1 h'],
  [1.5 * HOUR, '1 h 30 min'],
  [60 * HOUR, '2.5 d'],
])('the tick at %d ms says %s', (ms, said) => {
  expect(tickLabel(ms)).toBe(said);
});
