/** Ids as the standard has them, in the order in which they were made. */
import { v5, validate, version } from 'uuid';
import { expect, it } from 'vitest';
import { derivedId, isId, newId } from '@continuo/agent/internal/platform/ids.js';

it('new ids are UUIDs of version 7, each behind the one before, however fast they come', () => {
  const before = Date.now();
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.every((id) => validate(id) && version(id) === 7 && isId(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  const made = Number.parseInt((ids[0] ?? '').replaceAll('-', '').slice(0, 12), 16);
  expect(made).toBeGreaterThanOrEqual(before);
  expect(made).toBeLessThanOrEqual(Date.now() + 20);
});

it.each(['', 'task:1:step', 'Grüße, 世界, 👋', 'x'.repeat(10_000)])('the id of %j is a UUID of version 5', (name) => {
  expect(derivedId(name)).toBe(v5(name, '5f0c1f8e-3c0f-4c55-9d0b-9a7f1f1d2c11'));
});

it.each([
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  '9b2e1c1e-3f0a-4b43-8a50-000000000001',
  '9b2e1c1e-3f0a-9b43-8a50-000000000001',
  '9b2e1c1e-3f0a-4b43-7a50-000000000001',
  '9b2e1c1e3f0a4b438a50000000000001',
  '9b2e1c1e-3f0a-4b43-8a50-00000000000g',
  ' 9b2e1c1e-3f0a-4b43-8a50-000000000001',
  '',
])('%j is an id where it is a UUID of the standard', (value) => {
  expect(isId(value)).toBe(validate(value));
});
