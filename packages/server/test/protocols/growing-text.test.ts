/** What is new of a text that a crash had begun anew. */
import { expect, it } from 'vitest';
import { GrowingText, TextMemory, type Growth } from '../../src/protocols/growing-text.js';

/** What a reader of it has in the end, who can add to a text or begin another one. */
function read(...pieces: readonly string[]): readonly string[] {
  return readIn(new TextMemory(), pieces);
}

function readIn(memory: TextMemory, pieces: readonly string[]): readonly string[] {
  const text = new GrowingText(memory);
  const has: string[] = [];
  const take = (growth: Growth | undefined): void => {
    if (growth === undefined) return;
    if (growth.anew || has.length === 0) has.push(growth.text);
    else has[has.length - 1] += growth.text;
  };
  for (const piece of pieces) {
    if (piece === 'replace') text.replace();
    else if (piece === 'end') take(text.end());
    else take(text.add(piece));
  }
  return has;
}

it('adds what comes to what was said', () => {
  expect(read('Hel', '', 'lo', 'end')).toEqual(['Hello']);
});

it('says nothing twice when a step that is done again says the same, and goes on behind it', () => {
  expect(read('Hello, ', 'wor', 'replace', 'Hel', 'lo, world', '.', 'end')).toEqual(['Hello, world.']);
  expect(read('Hello', 'replace', 'Hel', 'lo', 'end')).toEqual(['Hello']);
});

it('begins another text where it says something else, with all of it', () => {
  expect(read('Hello, wor', 'replace', 'Hel', 'p is ', 'near', 'end')).toEqual(['Hello, wor', 'Help is near']);
});

it('begins another text when it ends before what was said', () => {
  expect(read('Hello, world', 'replace', 'Hello', 'end')).toEqual(['Hello, world', 'Hello']);
});

it('goes through any number of new beginnings', () => {
  expect(read('ab', 'replace', 'a', 'replace', 'ab', 'c', 'replace', 'abc', 'd', 'end')).toEqual(['abcd']);
});

it('says all of a text again that is longer than what is kept of the texts of a turn', () => {
  const long = 'x'.repeat(700_000);
  const memory = new TextMemory();
  expect(readIn(memory, [long, 'replace', long, '.', 'end'])).toEqual([`${long}.`]);
  expect(readIn(memory, [long, 'replace', 'x', long, 'end'])).toEqual([long, `x${long}`]);
  expect(readIn(memory, ['Hello', 'replace', 'Hel', 'lo.', 'end'])).toEqual(['Hello.']);
});
