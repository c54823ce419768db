/** `session.state.update`: every message gets a number of its own, on whichever instance and whatever dies. */
import { expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { inState, onlyTaskOf, startOne } from '../support/two-instances.js';
import { until } from '../support/until.js';

async function count(url: string, contextId: string): Promise<string> {
  const body = { message: { contextId, parts: [{ text: 'go' }] }, wait: true };
  return saidBy((await call('POST', `${url}/agents/test/counts/tasks`, { body })).body);
}

async function stateOf(url: string, session: string): Promise<unknown> {
  return (await call('GET', `${url}/sessions/${session}/state`)).body;
}

it('four messages at once, to two instances, are 1, 2, 3 and 4', async () => {
  const { url } = await createTestDatabase();
  const servers = [await startOne({ DATABASE_URL: url }), await startOne({ DATABASE_URL: url })];
  const numbers = await Promise.all([0, 1, 0, 1].map((server) => count(servers[server]?.url ?? '', 'talk')));
  for (const place of [0, 1]) {
    expect(new Set(numbers.map((said) => said.split(' ')[place]))).toEqual(new Set(['1', '2', '3', '4']));
  }
  expect(await stateOf(servers[0]?.url ?? '', 'talk')).toEqual({ count: 4, nested: 4 });
  // What was recorded is not kept in the session any longer.
  await until(
    async () => {
      const [row] = await runOn<{ names: readonly string[] }>(
        url,
        `SELECT array(SELECT jsonb_object_keys(state)) AS names FROM sessions`,
      );
      return row?.names.length === 2;
    },
    { what: 'the marks of the updates to be forgotten' },
  );
});

it.each([
  ['an update is stored, and its step is not', 'step-worked:1', /^1 /],
  ['the step of an update is recorded', 'step-recorded:1', /^1 /],
  ['an update inside of a step is stored, and the step is not', 'step-worked:2', /^1 1$/],
])('killed -9 when %s: it is neither lost nor done twice', async (_, place, given) => {
  const { url } = await createTestDatabase();
  const dying = await startOne({ DATABASE_URL: url, CONTINUO_CRASH_AT: place });
  const lost = count(dying.url, 'talk').catch(() => undefined);
  await dying.exited;
  await lost;
  const next = await startOne({ DATABASE_URL: url });
  const id = await onlyTaskOf(next.url);
  // Others go on counting meanwhile: what the first is given is what it was.
  const second = await count(next.url, 'talk');
  const first = saidBy(await inState(next.url, id, 'COMPLETED'));
  expect(first).toMatch(given);
  expect(second).toMatch(/^2 /);
  // Both count on from one another in the second step, whoever comes first.
  expect(new Set([first, second].map((said) => said.split(' ')[1]))).toEqual(new Set(['1', '2']));
  expect(await stateOf(next.url, 'talk')).toEqual({ count: 2, nested: 2 });
  const steps = await call('GET', `${next.url}/tasks/${id}/steps`);
  expect(textAt(steps.body, 'steps', 0, 'name')).toBe('update count');
});
