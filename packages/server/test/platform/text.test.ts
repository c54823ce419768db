/** Text is cut at characters: what is left is well-formed, as long as it may be, and a beginning of what was there. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  cut,
  cutAtPoints,
  cutToBytes,
  splitHalf,
  startOf,
  wellFormed,
} from '@continuo/agent/internal/platform/text.js';

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

it('leaves a well-formed beginning within the bound', () => {
  const text = fc.string({
    unit: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('😀', '👨‍👩‍👧‍👦', 'e\u0301', '🇩🇪', 'a')),
  });
  fc.assert(
    fc.property(text, fc.nat(100), (whole, most) => {
      const start = startOf(whole, most);
      expect(start.length).toBeLessThanOrEqual(most);
      expect(whole.startsWith(start)).toBe(true);
      expect(isWellFormed(start)).toBe(true);
      expect(cut(whole, most + 1).length).toBeLessThanOrEqual(most + 1);
      const inBytes = cutToBytes(whole, most + 3);
      expect(Buffer.byteLength(inBytes)).toBeLessThanOrEqual(most + 3);
      expect(isWellFormed(inBytes)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['a'.repeat(118) + '😀 and more', 119, 'a'.repeat(118)],
  ['a'.repeat(117) + '😀 and more', 119, 'a'.repeat(117) + '😀'],
  // What is one character and doesn't fit at all is cut at a code point.
  ['👨‍👩‍👧‍👦!', 5, '👨\u200d👩'],
  ['x👨‍👩‍👧‍👦!', 5, 'x'],
  ['e\u0301e\u0301', 3, 'e\u0301'],
  ['🇩🇪🇫🇷', 6, '🇩🇪'],
])('%s in %i units', (text, most, expected) => {
  expect(startOf(text, most)).toBe(expected);
});

it('cuts what is no writing at code points', () => {
  const marks = 'e' + '\u0301'.repeat(1_000);
  expect(startOf(marks, 500)).toHaveLength(500);
  expect(isWellFormed(startOf('😀'.repeat(200), 301))).toBe(true);
});

it('says that something is left out', () => {
  expect(cut('Hello, world', 6)).toBe('Hello…');
  expect(cut('Hello', 5)).toBe('Hello');
});

it('counts code points where an emoji takes no more room than a letter', () => {
  expect(cutAtPoints('😀'.repeat(5), 5)).toBe('😀'.repeat(5));
  expect(cutAtPoints('😀'.repeat(6), 5)).toBe(`${'😀'.repeat(4)}…`);
  // A family is seven code points: there is room for all of it, or for none.
  expect(cutAtPoints('a👨‍👩‍👧‍👦b and more', 9)).toBe('a👨‍👩‍👧‍👦…');
  expect(cutAtPoints('a👨‍👩‍👧‍👦b and more', 8)).toBe('a…');
});

it('holds half a character back until its other half comes', () => {
  const [whole, half] = splitHalf('smile \ud83d');
  expect(whole).toBe('smile ');
  expect(half + '\ude00').toBe('😀');
  expect(splitHalf('smile')).toEqual(['smile', '']);
  expect(splitHalf('😀')).toEqual(['😀', '']);
});

it('has a character for each half that stands alone', () => {
  expect(wellFormed('a\ud83d b\ude00 😀')).toBe('a\uFFFD b\uFFFD 😀');
});
