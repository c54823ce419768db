/** As many tasks as a caller may have, whoever asks at the same moment and whichever instance is asked. */
import { randomBytes } from 'node:crypto';
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

/** Begins tasks and cancels each: they may be tried again. */
async function canceled(url: string, many: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < many; n += 1) {
    const id = await begin(url, 'asks', `ask ${n}`);
    expect((await call('POST', `${url}/tasks/${id}:cancel`)).status).toBe(200);
    ids.push(id);
  }
  return ids;
}

it('a task that is tried again is one of them, when many are at once on two instances', async () => {
  const servers = await startTwo({ CONTINUO_LIMIT_TASKS: String(MOST) });
  const ids = await canceled(servers[0].url, 8);
  const retry = (id: string, n: number) => call('POST', `${servers[n % 2]?.url}/tasks/${id}:retry`);
  const answers = await Promise.all(ids.map(retry));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(MOST);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.map((answer) => refusalOf(answer).reason)).toEqual(refused.map(() => 'QUOTA_EXCEEDED'));
  expect(refused.every(({ status, headers }) => status === 429 && headers.has('retry-after'))).toBe(true);

  const left = ids[answers.findIndex(({ status }) => status !== 200)] ?? '';
  expect(refusalOf(await retry(left, 0))).toMatchObject({ http: 429, reason: 'QUOTA_EXCEEDED' });
  const running = ids[answers.findIndex(({ status }) => status === 200)] ?? '';
  expect((await call('POST', `${servers[0].url}/tasks/${running}:cancel`)).status).toBe(200);
  expect((await retry(left, 1)).status).toBe(200);
});

it('what a task has called is not begun again for one that is not', async () => {
  const [{ url }] = await startTwo({ CONTINUO_LIMIT_TASKS: '1' });
  const parent = await begin(url, 'passes-on', 'asks');
  await inState(url, parent, 'INPUT_REQUIRED');
  const { body: before } = await call('GET', `${url}/tasks?parentTaskId=${parent}`);
  const child = textAt(before, 'tasks', 0, 'id');
  expect((await call('POST', `${url}/tasks/${parent}:cancel`)).status).toBe(200);
  const other = await begin(url, 'asks');
  expect(refusalOf(await call('POST', `${url}/tasks/${parent}:retry`))).toMatchObject({ http: 429 });
  await inState(url, child, 'CANCELED');
  expect((await call('POST', `${url}/tasks/${other}:cancel`)).status).toBe(200);
  expect((await call('POST', `${url}/tasks/${parent}:retry`)).status).toBe(200);
  await inState(url, parent, 'INPUT_REQUIRED');
  expect((await call('POST', `${url}/agents/test/asks/tasks`, { body: { message: 'one' } })).status).toBe(429);
});

it('nothing is tried again for an owner who has stored as much as may be', async () => {
  const [first, second] = await startTwo({ CONTINUO_LIMIT_STORED_BYTES: '1000' });
  const [id] = await canceled(first.url, 1);
  const { status } = await call('POST', `${first.url}/agents/function/echo/tasks`, {
    body: { message: randomBytes(3000).toString('hex') },
  });
  expect(status).toBe(201);
  expect(refusalOf(await call('POST', `${second.url}/tasks/${id}:retry`))).toMatchObject({
    http: 429,
    reason: 'QUOTA_EXCEEDED',
  });
});
