/** Texts that stand in another one are found in time, whatever they say. */
import { expect, it } from 'vitest';
import { standIn } from '../../src/protocols/openai/stand-in.js';

it.each([
  ['one and two and three', ['one', 'two', 'three'], true],
  ['one and two and three', ['three', 'one', 'two'], true],
  ['one and two', ['two', 'two'], true],
  ['aabaaabaaaab', ['aaaab', 'aab'], true],
  ['aabaaabaaab', ['aaaab'], false],
  ['one', [], true],
  ['', ['one'], false],
  ['one', ['', 'one'], true],
] as const)('%j: %j is %j', (text, all, expected) => {
  expect(standIn(text, all)).toBe(expected);
});

it('texts that nearly stand everywhere are no trouble', () => {
  const half = 'a'.repeat(450_000);
  const words = `${'a'.repeat(100_000)}b${'a'.repeat(100_000)}`;
  expect(standIn(`${half}${half}`, [words])).toBe(false);
  expect(standIn(`${half}${words}`, [words])).toBe(true);
  expect(standIn('a'.repeat(2_000_000), ['a'])).toBe(false);
});
