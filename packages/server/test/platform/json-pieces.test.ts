/** Large JSON as bytes: the same as JSON.stringify makes. */
import { expect, it } from 'vitest';
import { largeJson } from '../../src/platform/json-pieces.js';

const asText = (value: unknown): string => Buffer.concat(largeJson(value) ?? []).toString();

it.each([
  ['one long text', { text: 'x'.repeat(1_500_000) }],
  ['characters of every length, on every border', ['a', 'é', '漢', '😀'].map((one) => `.${one.repeat(400_000)}`)],
  ['halves of characters', `${'\ud83d'.repeat(700_000)}${'\ude00'.repeat(700_000)}`],
  ['what has to be escaped', ['"\\\n\u0000'.repeat(400_000)]],
  [
    'many short texts',
    { list: Array.from({ length: 200_000 }, (_, n) => ({ n, text: `text ${n}`, no: null, yes: true })) },
  ],
  [
    'what JSON does not know',
    {
      long: 'x'.repeat(2_000_000),
      gone: undefined,
      list: [undefined, () => 1],
      at: new Date(0),
      none: {},
      empty: [],
      nan: NaN,
    },
  ],
])('%s', (_what, value) => {
  expect(asText(value) === JSON.stringify(value)).toBe(true);
});

it('leaves small values to JSON.stringify', () => {
  expect([largeJson({ text: 'x'.repeat(1_000_000) }), largeJson(undefined), largeJson(null)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
