/** Range headers, as RFC 9110 has them written, and which bytes they ask for. */
import { expect, it } from 'vitest';
import { byteRange } from '../../src/api/byte-range.js';

const all = undefined;
const beyond = null;
const huge = '9'.repeat(400);

it.each([
  ['bytes=0-0', { first: 0, last: 0 }],
  ['bytes=2-', { first: 2, last: 9 }],
  ['bytes=-3', { first: 7, last: 9 }],
  ['bytes=2-99', { first: 2, last: 9 }],
  [`bytes=2-${huge}`, { first: 2, last: 9 }],
  [`bytes=-${huge}`, { first: 0, last: 9 }],
  ['BYTES=2-3', { first: 2, last: 3 }],
  ['bytes= 2-3', { first: 2, last: 3 }],
  ['bytes=,2-3, ,', { first: 2, last: 3 }],
  ['bytes=10-', beyond],
  [`bytes=${huge}-`, beyond],
  ['bytes=-0', beyond],
  ['bytes=3-2', all],
  ['bytes=-', all],
  ['bytes=', all],
  ['bytes=0-1,4-5', all],
  ['bytes=1 2-3', all],
  ['bytes=+1-2', all],
  ['bytes=0x1-2', all],
  ['items=0-1', all],
  ['', all],
  [undefined, all],
])('%s', (header, range) => {
  expect(byteRange(header, 10)).toEqual(range);
});
