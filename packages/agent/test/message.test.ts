/** Parts as they come in JSON: null and empty stand for what is left out, wherever there is something else. */
import { expect, it } from 'vitest';
import { partSchema } from '../src/sessions/message.js';

const read = (part: unknown): unknown => {
  const { data, error } = partSchema.safeParse(part);
  if (error !== undefined) return error.issues.map(({ message }) => message).join();
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
};

const URL = 'https://files.example/x';

it.each([
  [{ text: 'x', data: null }, { text: 'x' }],
  [{ raw: 'aGk=', data: null }, { raw: 'aGk=' }],
  [{ text: 'x', url: '' }, { text: 'x' }],
  [{ text: '', url: URL, data: null }, { url: URL }],
  [{ text: '', raw: '', url: '', data: { n: 1 } }, { data: { n: 1 } }],
  [{ data: 0, text: '' }, { data: 0 }],
  [{ text: '', data: null }, { text: '' }],
  [{ text: null, raw: null, url: null, data: false }, { data: false }],
  [{ data: null }, { data: null }],
  [{ data: '' }, { data: '' }],
  [{ text: '' }, { text: '' }],
  [
    { raw: '', mediaType: 'text/plain' },
    { raw: '', mediaType: 'text/plain' },
  ],
])('%j is read as what it has', (part, expected) => {
  expect(read(part)).toEqual(expected);
});

const ONE_OF = 'expected exactly one of text, raw, url, data';

it.each([
  [{ url: '' }, 'expected a URL, or the path of a file of this server: /files/…'],
  [{ url: '', data: null }, 'expected a URL, or the path of a file of this server: /files/…'],
  [{ text: 'x', data: { n: 1 } }, `${ONE_OF}, got text and data`],
  [{ text: 'x', url: URL, data: null }, `${ONE_OF}, got text and url`],
  [{ text: '', raw: '' }, `${ONE_OF}, got text and raw`],
  [{ metadata: {} }, ONE_OF],
  [{ text: null }, ONE_OF],
])('%j is refused', (part, message) => {
  expect(read(part)).toBe(message);
});
