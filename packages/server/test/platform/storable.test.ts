/** What agents say, made storable: only what PostgreSQL can't hold becomes something else. */
import { expect, it } from 'vitest';
import { isStorableText, storable } from '@continuo/agent/internal/platform/storable.js';
import { hashOf } from '@continuo/agent/internal/runs/sayings.js';

it.each([
  ['plain', 'plain'],
  ['a\0b', 'a\uFFFDb'],
  ['half \uD83D', 'half \uFFFD'],
  ['\uDE00 half', '\uFFFD half'],
  ['whole 😀', 'whole 😀'],
])('the text %j is stored as %j', (given, stored) => {
  expect(storable({ [given]: [given] })).toEqual({ [stored]: [stored] });
  expect(isStorableText(given)).toBe(given === stored);
});

it('is a copy: what the agent does to its own objects afterwards changes nothing', () => {
  const said = { parts: [{ text: 'before' }] };
  const stored = storable(said);
  said.parts.push({ text: 'after' });
  expect(stored).toEqual({ parts: [{ text: 'before' }] });
});

it('keeps every name, also that of the prototype', () => {
  const said: unknown = JSON.parse('{"__proto__":{"text":"own"},"1":1,"a":null}');
  expect(JSON.stringify(storable(said))).toBe(JSON.stringify(said));
});

it('the same hash stands for the same stored content, however that was said', () => {
  expect(hashOf(['a\0', { at: new Date(0) }])).toBe(hashOf(['a\uFFFD', { at: '1970-01-01T00:00:00.000Z' }]));
  expect(hashOf(['\\u0000'])).not.toBe(hashOf(['\0']));
});
