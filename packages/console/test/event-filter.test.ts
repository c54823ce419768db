/** Which events of a task are shown, and how words on its progress are folded. */
import { expect, test } from 'vitest';
import { eventKinds, toShown } from '../src/routes/task/event-filter.js';
import type { TimelineEntry } from '../src/tasks/task-log.js';

const entry = (seq: number, kind: TimelineEntry['kind'], text = ''): TimelineEntry => ({
  seq,
  kind,
  at: undefined,
  state: undefined,
  text,
  fraction: undefined,
  count: 1,
});
const said = (from: number, to: number): readonly TimelineEntry[] =>
  Array.from({ length: to - from + 1 }, (_, n) => entry(from + n, 'progress', `Counted ${from + n}`));
const all = new Set(eventKinds);
const kinds = (shown: ReturnType<typeof toShown>): readonly string[] => shown.map(({ kind }) => kind);

test('words on the progress are folded from one state to the next, with the first, the last and their number', () => {
  const shown = toShown([entry(1, 'state'), ...said(2, 9), entry(10, 'artifact'), ...said(11, 12)], all, new Set());
  expect(kinds(shown)).toEqual(['state', 'folded', 'artifact', 'progress', 'progress']);
  expect(shown[1]).toMatchObject({ seq: 2, count: 8, first: { text: 'Counted 2' }, last: { text: 'Counted 9' } });
});

test('steps in between stay, and the fold stands where its last word does', () => {
  const step = { number: 1, name: 'load', failed: false, startedAt: null, endedAt: null };
  const shown = toShown([...said(1, 3), { kind: 'step', step }, ...said(4, 5)], all, new Set());
  expect(kinds(shown)).toEqual(['step', 'folded']);
});

test('a fold that was opened shows all of it, also what comes later', () => {
  expect(kinds(toShown(said(2, 9), all, new Set([2])))).toEqual(Array.from({ length: 8 }, () => 'progress'));
});

test('kinds that nobody wants are left out', () => {
  const entries = [entry(1, 'state'), ...said(2, 9), entry(10, 'message', 'Done')];
  expect(kinds(toShown(entries, new Set(['states']), new Set()))).toEqual(['state', 'message']);
});
