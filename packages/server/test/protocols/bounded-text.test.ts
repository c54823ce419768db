/** Texts that come in pieces end where their reader wants them to, wherever the pieces end. */
import { expect, it } from 'vitest';
import { BoundedText, type Bounds } from '../../src/protocols/openai/bounded-text.js';

function read(pieces: Iterable<string>, bounds: Bounds): readonly [text: string, end: string | undefined] {
  const bounded = new BoundedText(bounds);
  const text = Array.from(pieces, (piece) => bounded.of(piece)).join('') + bounded.rest();
  return [text, bounded.end];
}

it.each<readonly [string, Bounds, string, string | undefined]>([
  ['all of it', {}, 'aab aab 😀!', undefined],
  ['before a word', { stop: ['b 😀'] }, 'aab aa', 'stop'],
  ['before the first of several', { stop: ['!', 'ab aa'] }, 'a', 'stop'],
  ['behind what only begins like a word', { stop: ['aab aac', '😀!!'] }, 'aab aab 😀!', undefined],
  ['behind so many tokens', { mostTokens: 1 }, 'aab ', 'length'],
  ['before a character of more tokens than are left', { mostTokens: 4 }, 'aab aab ', 'length'],
  ['behind tokens that come before the word', { mostTokens: 1, stop: ['!'] }, 'aab ', 'length'],
  ['before a word that comes before so many tokens', { mostTokens: 4, stop: ['b a'] }, 'aa', 'stop'],
])('%s, in one piece and in many', (_what, bounds, text, end) => {
  const whole = 'aab aab 😀!';
  expect(read([whole], bounds)).toEqual([text, end]);
  expect(read(whole, bounds)).toEqual([text, end]);
  for (let at = 0; at <= 8; at += 1) {
    expect(read([whole.slice(0, at), '', whole.slice(at)], bounds)).toEqual([text, end]);
  }
});
