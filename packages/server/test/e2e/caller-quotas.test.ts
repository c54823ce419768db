/** As many tasks as a caller may have, whoever asks at the same moment and whichever instance is asked. */
import { expect, it } from 'vitest';
import { at, call, textAt } from '../support/http-calls.js';
import { begin, inState, refusalOf, startTwo } from '../support/two-instances.js';

const MOST = 3;
const AT_ONCE = 40;

it('there are no more than a caller may have when many are begun at once on two instances', async () => {
  const servers = await startTwo({ CONTINUO_LIMIT_TASKS: String(MOST) });
  const ask = (n: number, body: Readonly<Record<string, unknown>> = {}) =>
    call('POST', `${servers[n % 2]?.url}/agents/test/asks/tasks`, { body: { message: `ask ${n}`, ...body } });
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => ask(n)));
  const made = answers.filter(({ status }) => status === 201);
  expect(made).toHaveLength(MOST);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expect(refusalOf(answer)).toMatchObject({ http: 429, reason: 'QUOTA_EXCEEDED' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  const { body: listed } = await call('GET', `${servers[0].url}/tasks`);
  expect(at(listed, 'tasks')).toHaveLength(MOST);

  const ended = textAt(made[0]?.body, 'id');
  expect((await call('POST', `${servers[1].url}/tasks/${ended}:cancel`)).status).toBe(200);
  const taken = await Promise.all(Array.from({ length: 4 }, (_, n) => ask(n, { priority: n })));
  expect(taken.filter(({ status }) => status === 201)).toHaveLength(1);
});

it('a message that is sent again finds its task, however many there are', async () => {
  const [{ url }] = await startTwo({ CONTINUO_LIMIT_TASKS: '1' });
  const message = { messageId: 'm', contextId: 'c', role: 'ROLE_USER', parts: [{ text: 'ask' }] };
  const send = (change = {}) =>
    call('POST', `${url}/agents/test/asks/tasks`, { body: { message: { ...message, ...change } } });
  const first = await send();
  expect(first.status).toBe(201);
  const again = await send();
  expect([again.status, at(again.body, 'id')]).toEqual([200, at(first.body, 'id')]);
  expect(refusalOf(await send({ parts: [{ text: 'something else' }] }))).toMatchObject({ http: 400 });
  expect((await send({ messageId: 'n' })).status).toBe(429);
});

it('what a task calls is none of them', async () => {
  const [{ url }] = await startTwo({ CONTINUO_LIMIT_TASKS: '2' });
  const parent = await begin(url, 'passes-on', 'asks');
  await inState(url, parent, 'INPUT_REQUIRED');
  const { body: listed } = await call('GET', `${url}/tasks`);
  expect(at(listed, 'tasks')).toHaveLength(2);
  expect((await call('POST', `${url}/agents/test/asks/tasks`, { body: { message: 'one' } })).status).toBe(201);
  expect((await call('POST', `${url}/agents/test/asks/tasks`, { body: { message: 'two' } })).status).toBe(429);
});
