/** The order of events over many tasks, as the server numbers them. */
import { expect, it } from 'vitest';
import { isBefore } from '../src/feed-position.js';

const [older, newer] = ['01a21b06-0000-7000-8000-000000000001', '01a21b06-0000-7000-8000-000000000002'];

/** In the order in which they come. */
const ids = [
  '',
  '1-999.00000000-0000-0000-0000-000000000000.0',
  `1-999.${newer}.2`,
  `1-1000.${older}.3`,
  `1-1000.${older}.10`,
  `1-1000.${newer}.3`,
  `1-1001.${older}.11`,
  `2-7.${older}.12`,
  `10-7.${older}.13`,
];

it('goes by epoch and transaction, then by task and number', () => {
  for (const [index, one] of ids.entries()) {
    for (const [at, other] of ids.entries())
      expect([one, other, isBefore(one, other)]).toEqual([one, other, index < at]);
  }
});
