/** How many processes `auto` stands for, and how long dying ones are waited for. */
import { expect, it } from 'vitest';
import { coresToUse } from '../../src/processes/process-count.js';
import { restartPause } from '../../src/processes/restart-pause.js';

it.each([
  ['no quota', 8, 'max 100000\n', 8],
  ['no such file', 8, '', 8],
  ['a quota of two cores', 64, '200000 100000\n', 2],
  ['a quota of one and a half', 64, '150000 100000\n', 2],
  ['a quota beyond the machine', 4, '800000 100000\n', 4],
  ['a quota of less than a core', 4, '20000 100000\n', 1],
])('auto with %s', (_what, cores, cpuMax, expected) => {
  expect(coresToUse(cores, cpuMax)).toBe(expected);
});

it('a process that dies again and again is started after growing pauses', () => {
  expect([0, 1, 2, 3, 4, 20].map(restartPause)).toEqual([0, 0, 250, 500, 1_000, 30_000]);
});
