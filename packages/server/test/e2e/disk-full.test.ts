/** PostgreSQL's disk is full: new work is refused, running work waits, and goes on when there is room. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { completedTask } from '../support/completed-task.js';
import { at, call, textAt } from '../support/http-calls.js';
import { makeNotesFile, notedSteps } from '../support/noted-steps.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { startStoppablePostgres, type StoppablePostgres } from '../support/stoppable-postgres.js';
import { until } from '../support/until.js';
import { untilWritten } from '../support/until-written.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const steps = 5;
let postgres: StoppablePostgres;
let server: ServerProcess;

beforeAll(async () => {
  postgres = await startStoppablePostgres();
  const nodeOptions = ['--max-old-space-size=512'];
  server = await startServer({ entry, env: { DATABASE_URL: postgres.url, CONTINUO_SWEEP_MS: '200' }, nodeOptions });
});

const ready = async (): Promise<boolean> => (await call('GET', `${server.url}/readyz`)).status === 200;

it('refuses what it has no room for, changes nothing, and takes it when it is sent again', async () => {
  const makeRoom = await postgres.fillDisk('task_pages');
  await until(ready, { what: 'the server to be connected again' });
  const messages = Array.from({ length: 20 }, () => ({ messageId: randomUUID(), parts: [{ text: 'hello' }] }));
  const send = (message: (typeof messages)[number]) =>
    call('POST', `${server.url}/agents/function/echo/tasks`, { body: { message, wait: true } });
  const refused = await Promise.all(messages.map(send));
  expect(refused.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(
    refused.map(() => [503, '1']),
  );
  for (const { body } of refused) expect(JSON.stringify(body)).not.toContain('space');
  await untilWritten(server, 'No space left on device');
  expect((await call('GET', `${server.url}/tasks`)).body).toMatchObject({ totalSize: 0 });

  await makeRoom();
  await until(ready, { what: 'the server to be connected again' });
  const taken = await Promise.all(messages.map(send));
  expect(taken.map(({ status, body }) => [status, at(body, 'status', 'state')])).toEqual(
    taken.map(() => [201, 'TASK_STATE_COMPLETED']),
  );
  expect((await call('GET', `${server.url}/tasks`)).body).toMatchObject({ totalSize: 20 });
});

it('a task whose step has no room waits with what it has done, and does no step twice', async () => {
  const makeRoom = await postgres.fillDisk('journal');
  await until(ready, { what: 'the server to be connected again' });
  const file = await makeNotesFile();
  const message = { parts: [{ data: { steps, delayMs: 10, file } }] };
  const { status, body } = await call('POST', `${server.url}/agents/test/notes/tasks`, { body: { message } });
  expect(status).toBe(201);
  await until(async () => (await notedSteps(file)).length === 1, { what: 'the first step' });
  await untilWritten(server, 'No space left on device', 2);
  const id = textAt(body, 'id');
  expect((await call('GET', `${server.url}/tasks/${id}`)).body).toMatchObject({
    status: { state: 'TASK_STATE_WORKING' },
  });

  await makeRoom();
  await completedTask(server.url, id);
  expect((await notedSteps(file)).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
});
