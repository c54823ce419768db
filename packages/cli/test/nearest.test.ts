/** Names that are nearly right. */
import { expect, it } from 'vitest';
import { nearest } from '../src/terminal/nearest.js';

it.each([
  ['gretter', 'demo/greeter'],
  ['greeters', 'demo/greeter'],
  ['ecco', 'function/echo'],
])('%s was meant as %s', (given, meant) => {
  const names = ['function/echo', 'demo/greeter', 'context/assistant'];
  expect(nearest(given, names, (name) => name.slice(name.indexOf('/') + 1))).toBe(meant);
});

it('says nothing of what is no slip', () => {
  expect(nearest('orders', ['function/echo', 'demo/greeter'])).toBeUndefined();
});
