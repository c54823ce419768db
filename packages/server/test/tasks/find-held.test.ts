/** Which held tasks have been held for too long: those that every instance alive has tried, where one is alive. */
import { beforeAll, expect, it } from 'vitest';
import { findHeldSince } from '../../src/tasks/find-held.js';
import { createTestDatabase } from '../support/database.js';
import { openTask, startLogInstance, type LogInstance } from '../support/log-instance.js';

let instance: LogInstance;

beforeAll(async () => {
  instance = await startLogInstance((await createTestDatabase()).url);
});

async function heldTask(triedBy: readonly string[]): Promise<string> {
  const { id } = await openTask(instance);
  const held = { finished: 'step "load"', found: 'step "send"', since: '2026-01-31T09:00:00.000Z' };
  await instance.database.query('UPDATE tasks SET held = $2, held_by = $3 WHERE id = $1', [id, held, triedBy]);
  return id;
}

async function found(): Promise<readonly string[]> {
  return (await findHeldSince(instance.database, new Date())).map(({ id }) => id);
}

it('are tried by every instance alive before they fail, also where all have fallen silent for a moment', async () => {
  const untried = await heldTask([]);
  const tried = await heldTask([instance.id]);
  expect(await found()).toEqual([tried]);
  // As others see an instance that a busy machine has held up: it comes back under another id, and tries.
  await instance.database.query('UPDATE instances SET lost_at = now()');
  expect(await found()).toEqual([]);
  await instance.database.query('UPDATE instances SET lost_at = NULL');
  expect(await found()).not.toContain(untried);
});
