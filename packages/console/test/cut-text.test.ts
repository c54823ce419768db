/** The console cuts texts at whole characters, and sends the server none that are broken. */
import { describe, expect, it } from 'vitest';
import { fileNameOf } from '../src/components/download.js';
import { cut, startOf } from '../src/components/cut-text.js';
import { namedIn } from '../src/routes/marketing/brief.js';

const FAMILY = '👩‍👩‍👧‍👦';
const characters = { 'an emoji': '😀', 'a flag': '🇩🇪', 'a family': FAMILY, 'a letter and its accent': 'e\u0301' };
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

describe.each(Object.entries(characters))('a text with %s at the cut', (_, character) => {
  it.each([79, 80, 118, 200])('is whole at %i', (most) => {
    for (let before = most - character.length + 1; before < most; before += 1) {
      const text = `${'a'.repeat(before)}${character}${'b'.repeat(100)}`;
      expect(startOf(text, most)).toBe('a'.repeat(before));
    }
    const fits = `${'a'.repeat(most - character.length)}${character}`;
    expect(startOf(`${fits}b`, most)).toBe(fits);
    expect([cut(fits, most), cut(`${fits}bb`, most + 1)]).toEqual([fits, `${fits}…`]);
  });
});

it('ends somewhere in what is one endless character, and in no pair', () => {
  const endless = `a${'\u0301'.repeat(1_000)}`;
  expect(startOf(endless, 500)).toHaveLength(500);
  for (const most of [0, 1, 2, 3, 99, 100, 101]) {
    const start = startOf(`👩${'\u200D👩'.repeat(500)}`, most);
    expect(isWellFormed(start)).toBe(true);
    expect(start.length).toBeLessThanOrEqual(most);
  }
});

it('names of files and products are whole', () => {
  const letter = '𝒜';
  for (const before of [78, 79, 80, 118, 119, 120]) {
    const text = `${'a'.repeat(before)}${letter.repeat(100)}`;
    const names = [fileNameOf({ text: '' }, { name: text, artifactId: '1' }), namedIn(`${text}, and so on`).name];
    expect(names.filter((name) => !isWellFormed(name))).toEqual([]);
  }
});
