/** Names that are written from right to left, or say that what follows them is, leave a sentence in its order. */
import { expect, test } from 'vitest';
import { isolated } from '../src/formats.js';

test.each([
  ['Pay', 'Pay'],
  ['Pay\u202Efdp.exe', 'Payfdp.exe'],
  ['one\u2069\u202Etwo', 'onetwo'],
  ['שלום', '\u2068שלום\u2069'],
  ['مرحبا\u2067 3', '\u2068مرحبا 3\u2069'],
  ['👩\u200D🚀 e\u0301', '👩\u200D🚀 e\u0301'],
])('%j stands in a sentence as %j', (name, shown) => {
  expect(isolated(name)).toBe(shown);
});
