/** Markdown in a line: its words stay, its marks go, and what only looks like marks stays as well. */
import { expect, test } from 'vitest';
import { plainLine } from '../src/components/plain-line.js';

test.each([
  ['Order 4711 was **shipped**', 'Order 4711 was shipped'],
  ['## Plan\n1. **Read**\n- `npm test`', 'Plan 1. Read npm test'],
  ['See [the guide](https://example.org/a) and ![a picture](x.png)', 'See the guide and a picture'],
  ['*Almost* ~~never~~ __always__', 'Almost never always'],
  ['2 * 3 * 4 and snake_case_name and a**b', '2 * 3 * 4 and snake_case_name and a**b'],
  ['> quoted', 'quoted'],
])('%j', (markdown, plain) => {
  expect(plainLine(markdown)).toBe(plain);
});
