/** What a task's log and its steps are now, for whoever reads and does not follow. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '../../src/index.js';
import { CountdownAgent } from '../../src/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { until } from '../support/until.js';

@A2AAgent({ type: 'test', name: 'sleeper', description: 'Bakes, then sleeps and waits.' })
class Sleeper extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    await task.step('bake', () => 'bread');
    await Promise.all([task.sleep(3_600_000), task.inbox.wait()]);
    return 'eaten';
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

@A2AAgent({ type: 'test', name: 'speller', description: 'Does every letter at once.' })
class Speller extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<void> {
    await Promise.all(LETTERS.split('').map((letter) => task.step(letter, () => letter)));
  }
}

let server: RunningServer;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  const env = { PORT: '0', DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent' };
  server = await startServer({ agents: [EchoAgent, CountdownAgent, Sleeper, Speller], env });
});

afterAll(() => server?.stop());

async function countdown(steps: number, delayMs: number, wait: boolean): Promise<string> {
  const message = { messageId: randomUUID(), parts: [{ data: { steps, delayMs } }] };
  const answer = await call('POST', `${server.url}/agents/function/countdown/tasks`, { body: { message, wait } });
  return textAt(answer.body, 'id');
}

it('the log up to now is a stream that ends, while the task goes on', async () => {
  const id = await countdown(10_000, 20, false);
  const path = `${server.url}/tasks/${id}/events?follow=false`;
  await until(async () => (await allFramesOf(await fetch(path))).length > 3, { what: 'some events' });
  const frames = await allFramesOf(await fetch(path));
  expect(frames.map((frame) => frame.id)).toEqual(frames.map((_, index) => index + 1));
  const rest = await allFramesOf(await fetch(path, { headers: { 'last-event-id': '2' } }));
  expect(rest[0]).toEqual(frames[2]);
  await call('POST', `${server.url}/tasks/${id}:cancel`);
});

it('who has seen all of it gets nothing, and who asks otherwise is told', async () => {
  const id = await countdown(1, 1, true);
  const path = `${server.url}/tasks/${id}/events`;
  const frames = await allFramesOf(await fetch(`${path}?follow=false`));
  expect(frames).toEqual(await allFramesOf(await fetch(path)));
  const headers = { 'last-event-id': String(frames.length) };
  expect((await fetch(`${path}?follow=false`, { headers })).status).toBe(204);
  const wrong = await call('GET', `${path}?follow=never`);
  expect([wrong.status, at(wrong.body, 'error', 'details', 0, 'metadata', 'field')]).toEqual([400, 'follow']);
});

it('steps are listed in order, with their names and times', async () => {
  const { body } = await call('GET', `${server.url}/tasks/${await countdown(3, 1, true)}/steps`);
  const { steps } = body as { steps: { name: string; failed: boolean; startedAt: string; endedAt: string }[] };
  expect(steps.map(({ name }) => name)).toEqual(['count 1', 'count 2', 'count 3']);
  expect(steps.every(({ failed, startedAt, endedAt }) => !failed && startedAt <= endedAt)).toBe(true);
  const echoed = await call('POST', `${server.url}/agents/function/echo/tasks`, { body: { message: 'x', wait: true } });
  expect((await call('GET', `${server.url}/tasks/${textAt(echoed.body, 'id')}/steps`)).body).toEqual({ steps: [] });
});

it('a task that sleeps or waits has the steps that it has finished', async () => {
  const begun = await call('POST', `${server.url}/agents/test/sleeper/tasks`, { body: { message: 'x' } });
  const task = `${server.url}/tasks/${textAt(begun.body, 'id')}`;
  const waits = async (): Promise<boolean> => /"sleep".*"inbox"/s.test(await (await fetch(`${task}/trace`)).text());
  await until(waits, { what: 'the task to sleep and to wait' });
  for (const query of ['', '?results=true']) {
    const { body } = await call('GET', `${task}/steps${query}`);
    expect(body).toMatchObject({ steps: [{ name: 'bake', endedAt: expect.any(String) as unknown }] });
  }
  await call('POST', `${task}:cancel`);
});

it('a trace has what begins in the same millisecond in the order in which it began', async () => {
  const body = { message: 'x', wait: true };
  const done = await call('POST', `${server.url}/agents/test/speller/tasks`, { body });
  const trace = await (await fetch(`${server.url}/tasks/${textAt(done.body, 'id')}/trace`)).text();
  const names = [...trace.matchAll(/"kind":"step","name":"(\w)"/g)].map(([, name]) => name);
  expect(names.join('')).toBe(LETTERS);
});
