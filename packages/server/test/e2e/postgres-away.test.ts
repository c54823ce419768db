/** PostgreSQL goes and comes back: new work is refused for so long, running work waits, what was accepted is there. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { completedTask } from '../support/completed-task.js';
import { ResumingReader } from '../support/event-stream.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { makeNotesFile, notedSteps } from '../support/noted-steps.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { startStoppablePostgres, type StoppablePostgres } from '../support/stoppable-postgres.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const steps = 25;
let postgres: StoppablePostgres;
let server: ServerProcess;

beforeAll(async () => {
  postgres = await startStoppablePostgres();
  const env = {
    DATABASE_URL: postgres.url,
    ...soon,
  };
  server = await startServer({ entry, env });
});

interface Running {
  readonly id: string;
  readonly file: string;
  readonly reader: ResumingReader;
  readonly read: Promise<string>;
}

/** A task that notes each step it runs, and a subscriber; resolves when it is in the middle. */
async function runningTask(): Promise<Running> {
  const file = await makeNotesFile();
  const message = { parts: [{ data: { steps, delayMs: 50, file } }] };
  const { body } = await call('POST', `${server.url}/agents/test/notes/tasks`, { body: { message } });
  const id = textAt(body, 'id');
  const reader = new ResumingReader(`${server.url}/tasks/${id}/events`);
  const read = reader.read();
  await until(() => reader.frames.length > 5, { what: 'the task to be in the middle' });
  return { id, file, reader, read };
}

/** The steps that were run, in order, after the task has completed. */
async function stepsOf({ id, file, reader, read }: Running): Promise<readonly number[]> {
  await completedTask(server.url, id);
  expect(await read).toBe('ended');
  expect(reader.ids).toEqual(reader.ids.map((_, index) => index + 1));
  expect(reader.frames.at(-1)?.data).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
  const stages = reader.frames.map(({ data }) => textAt(data, 'statusUpdate', 'status', 'message', 'parts', 0, 'text'));
  const noted = Array.from({ length: steps }, (_, index) => `Noted ${index + 1}`);
  expect(stages.filter((stage) => /^Noted \d+$/.test(stage))).toEqual(noted);
  return (await notedSteps(file)).map(({ step }) => step);
}

const allSteps = Array.from({ length: steps }, (_, index) => index + 1);

const create = (message: unknown): Promise<Answer> =>
  call('POST', `${server.url}/agents/function/echo/tasks`, { body: { message, sessionId: undefined } });

describe('while PostgreSQL is away', () => {
  it('new work is refused with the time to come back, and what runs waits and goes on', async () => {
    const running = await runningTask();
    const echo = `${server.url}/agents/function/echo`;
    const message = { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] };
    await postgres.stop();

    const refused = await Promise.all([
      create('hello'),
      call('POST', `${echo}/message:send`, { body: { message } }),
      call('POST', `${echo}/message:stream`, { body: { message } }),
      callRpc(echo, 'SendMessage', { message }),
      callRpc(echo, 'SendStreamingMessage', { message }),
      callRpc(echo, 'GetTask', { id: running.id }),
      call('GET', `${echo}/tasks/${running.id}`),
      call('GET', `${server.url}/tasks`),
      call('GET', `${server.url}/tasks/${running.id}`),
      call('GET', `${server.url}/tasks/${running.id}/events`),
      call('POST', `${server.url}/tasks/${running.id}:cancel`),
      call('POST', `${server.url}/sessions`),
      call('GET', `${server.url}/readyz`),
    ]);
    expect(refused.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(
      refused.map(() => [503, '1']),
    );
    for (const { body } of refused) expect(JSON.stringify(body)).toContain('"reason":"UNAVAILABLE"');
    for (const { body } of refused.slice(3, 6)) expect(body).toMatchObject({ jsonrpc: '2.0', error: { code: -32603 } });
    expect((await call('GET', `${server.url}/healthz`)).status).toBe(200);

    const failures = () => server.output().split('heartbeat failed').length > 5;
    await until(failures, { what: 'the outage to last longer than the lease' });
    await postgres.start();
    expect(await stepsOf(running)).toEqual(allSteps);
    await until(async () => (await call('GET', `${server.url}/readyz`)).status === 200, { what: 'it to be ready' });
    const { body: tasks } = await call('GET', `${server.url}/tasks?agent=function/echo`);
    expect(tasks).toMatchObject({ totalSize: 0 });
  });

  it('what was acknowledged is not lost, and what was not can be sent again without being done twice', async () => {
    const sent = new Map<string, Answer>();
    const messages = Array.from({ length: 400 }, () => ({ messageId: randomUUID(), parts: [{ text: 'hello' }] }));
    const { body: session } = await call('POST', `${server.url}/sessions`);
    const sessionId = textAt(session, 'id');
    const send = async (message: (typeof messages)[number]): Promise<void> => {
      const body = { message, sessionId };
      sent.set(message.messageId, await call('POST', `${server.url}/agents/function/echo/tasks`, { body }));
    };
    const acknowledged = () => [...sent.values()].filter(({ status }) => status === 201);
    const waiting = [...messages];
    const sender = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await send(next);
    };
    const sending = Promise.all([sender(), sender(), sender(), sender()]);
    await until(() => acknowledged().length > 40, { what: 'messages to be accepted' });
    await postgres.crash();
    await sending;
    await postgres.start();

    const lost = messages.filter(({ messageId }) => sent.get(messageId)?.status !== 201);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.map(({ messageId }) => sent.get(messageId)?.status)).toEqual(lost.map(() => 503));
    const accepted = acknowledged().map(({ body }) => textAt(body, 'id'));
    await until(async () => (await call('GET', `${server.url}/readyz`)).status === 200, {
      what: 'the server to be ready',
    });
    await Promise.all(lost.map(send));
    const ids = [...sent.values()].map(({ body }) => textAt(body, 'id'));
    expect(new Set(ids).size).toBe(messages.length);
    expect(ids).toEqual(expect.arrayContaining(accepted));
    const inState = async (state: string): Promise<unknown> => {
      const { body } = await call('GET', `${server.url}/tasks?sessionId=${sessionId}&state=${state}&pageSize=1`);
      return at(body, 'totalSize');
    };
    await until(
      async () => {
        if ((await inState('COMPLETED')) === messages.length) return true;
        throw new Error(JSON.stringify({ submitted: await inState('SUBMITTED'), working: await inState('WORKING') }));
      },
      { what: 'all of them to complete' },
    );
    expect((await call('GET', `${server.url}/sessions/${sessionId}`)).body).toMatchObject({ messageCount: 800 });
  });

  it('crashing in the middle of a task and coming back at once costs the step in flight at most', async () => {
    const running = await runningTask();
    await postgres.crash();
    await postgres.start();
    const ran = await stepsOf(running);
    expect([...new Set(ran)]).toEqual(allSteps);
    expect(ran.length - steps).toBeLessThanOrEqual(1);
    const ended = await Promise.race([server.exited, Promise.resolve('still running')]);
    expect(ended).toBe('still running');
  });
});
