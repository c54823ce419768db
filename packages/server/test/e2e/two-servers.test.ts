/** Two servers on one data directory: one cluster, and every task to be had from either of them. */
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster-file.js';
import { answerIn, connect, send, stateOf } from '../support/a2a-client.js';
import { completedTask } from '../support/completed-task.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { makeNotesFile, notedSteps } from '../support/noted-steps.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let a: ServerProcess;
let b: ServerProcess;

beforeAll(async () => {
  // The lease never ends: who stops hands its tasks over by saying so.
  const timing = { CONTINUO_SWEEP_MS: '200', CONTINUO_DRAIN_MS: '300', CONTINUO_LEASE_MS: '3600000' };
  const env = { ...timing, CONTINUO_DATA_DIR: await makeTestDirectory('data') };
  a = await startServer({ entry, env });
  b = await startServer({ entry, env });
});

describe('a task that was sent to one server', () => {
  it('is followed, event by event, on the other', async () => {
    const sent = await send(
      await connect(b.url, 'function/countdown'),
      { steps: 10, delayMs: 30 },
      { returnImmediately: true },
    );
    const [onA, onB] = await Promise.all(
      [a, b].map(async ({ url }) => allFramesOf(await fetch(`${url}/tasks/${sent.id}/events`))),
    );
    expect(onA?.map(({ id }) => id)).toEqual(onA?.map((_, index) => index + 1));
    expect(onA).toEqual(onB);
    expect(onA?.at(-1)?.data).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    const { body } = await call('GET', `${a.url}/tasks/${sent.id}`);
    const ran = at(body, 'artifacts', 0, 'parts', 0, 'data', 'steps') as { pid: number }[];
    expect(new Set(ran.map(({ pid }) => pid))).toEqual(new Set([b.pid]));
  });

  it('is waited for on the other by whoever sends the message again', async () => {
    const ids = { contextId: randomUUID(), messageId: randomUUID() };
    const content = { steps: 5, delayMs: 50 };
    const sent = await send(await connect(b.url, 'function/countdown'), content, { ...ids, returnImmediately: true });
    const done = await send(await connect(a.url, 'function/countdown'), content, ids);
    expect([done.id, stateOf(done)]).toEqual([sent.id, 'COMPLETED']);
  });

  it('is answered on the other, and remembered by the session on both', async () => {
    const asked = await send(await connect(b.url, 'test/asks-twice'), 'go');
    const onA = await connect(a.url, 'test/asks-twice');
    await send(onA, 'Ada', { taskId: asked.id });
    const done = await send(onA, 'green', { taskId: asked.id });
    expect(answerIn(done)).toBe('Ada likes green.');
    const messages = await Promise.all(
      [a, b].map(({ url }) => call('GET', `${url}/sessions/${done.contextId}/messages`)),
    );
    expect(messages[0]?.body).toMatchObject({ messages: { length: 6 } });
    expect(messages[0]?.body).toEqual(messages[1]?.body);
  });

  it('is cancelled on the other, and its agent hears of it', async () => {
    const file = await makeNotesFile();
    const { id } = await send(await connect(b.url, 'test/waits'), { file }, { returnImmediately: true });
    await until(async () => (await notedSteps(file)).length === 1, { what: 'the agent to wait' });
    const canceled = await (await connect(a.url, 'test/waits')).cancelTask({ id, tenant: '', metadata: undefined });
    expect(stateOf(canceled)).toBe('CANCELED');
    await until(async () => (await notedSteps(file)).length === 2, { what: 'the agent to hear of it' });
    const frames = await allFramesOf(await fetch(`${a.url}/tasks/${id}/events`));
    expect(frames.at(-1)?.data).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_CANCELED' } } });
  });
});

describe('SIGTERM', () => {
  it('stops one server in order, and the other goes on with its tasks and its PostgreSQL', async () => {
    const file = await makeNotesFile();
    const agent = await connect(a.url, 'test/notes');
    const { id } = await send(agent, { steps: 30, delayMs: 50, file }, { returnImmediately: true });
    await until(async () => (await notedSteps(file)).length > 4, { what: 'the task to run' });
    await a.kill('SIGTERM');
    expect(await a.exited).toEqual({ code: 0, signal: null });
    await completedTask(b.url, id);
    const notes = await notedSteps(file);
    const steps = Array.from({ length: 30 }, (_, index) => index + 1);
    expect([...new Set(notes.map(({ step }) => step))]).toEqual(steps);
    expect(notes.length - 30).toBeLessThanOrEqual(1);
    expect(new Set(notes.map(({ pid }) => pid))).toEqual(new Set([a.pid, b.pid]));
    const frames = await allFramesOf(await fetch(`${b.url}/tasks/${id}/events`));
    const said = frames.map(({ data }) => textAt(data, 'statusUpdate', 'status', 'message', 'parts', 0, 'text'));
    expect(said.filter((text) => /^Noted \d+$/.test(text))).toEqual(steps.map((step) => `Noted ${step}`));
  });

  it('stops the last one with its PostgreSQL, which leaves nothing running', async () => {
    const directory = b.env.CONTINUO_DATA_DIR ?? '';
    expect(await findPostmaster(`${directory}/postgres`)).toBeDefined();
    await b.kill('SIGTERM');
    expect(await b.exited).toEqual({ code: 0, signal: null });
    expect(await findPostmaster(`${directory}/postgres`)).toBeUndefined();
    expect(await readdir(`${directory}/postgres`)).not.toContain('postmaster.pid');
  });
});
