/** What went over the wire is bounded: the oldest goes, and it is counted. */
import { expect, test } from 'vitest';
import { MOST_ENTRIES, MOST_OF_ONE, WireLog } from '../src/routes/agent/workbench/wire-log.js';

const entry = { kind: 'event', title: '', at: 0, headers: [], failed: false } as const;

test('the oldest entries make room, and it says how many', () => {
  const log = new WireLog();
  for (let n = 0; n < MOST_ENTRIES + 3; n += 1) log.add({ ...entry, text: String(n) });
  expect(log.read().dropped).toBe(3);
  expect(log.read().entries).toHaveLength(MOST_ENTRIES);
  expect(log.read().entries[0]?.text).toBe('3');
});

test('a large body is cut, and large ones drop others', () => {
  const log = new WireLog();
  for (let n = 0; n < 12; n += 1) log.add({ ...entry, text: 'x'.repeat(MOST_OF_ONE + 1) });
  const { entries, dropped } = log.read();
  expect(entries.map(({ text }) => text.length)).toEqual(Array.from({ length: 10 }, () => MOST_OF_ONE));
  expect(entries[0]?.length).toBe(MOST_OF_ONE + 1);
  expect(dropped).toBe(2);
});
