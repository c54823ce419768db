/** A process is paused past its lease and wakes up: whoever took its task over goes on, and the sleeper adds nothing. */
import { beforeAll, describe, expect, it } from 'vitest';
import { completedTask } from '../support/completed-task.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf, type EventFrame } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { makeNotesFile, notedSteps } from '../support/noted-steps.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const steps = 30;
const inOrder = Array.from({ length: steps }, (_, index) => index + 1);
let first: ServerProcess;
let second: ServerProcess;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  const timing = { CONTINUO_LEASE_MS: '1200', CONTINUO_HEARTBEAT_MS: '300', CONTINUO_SWEEP_MS: '200' };
  const env = { DATABASE_URL: url, ...timing };
  [first, second] = await Promise.all([startServer({ entry, env }), startServer({ entry, env })]);
});

async function notingTask(server: ServerProcess): Promise<{ readonly id: string; readonly file: string }> {
  const file = await makeNotesFile();
  const message = { parts: [{ data: { steps, delayMs: 60, file } }] };
  const { body } = await call('POST', `${server.url}/agents/test/notes/tasks`, { body: { message } });
  return { id: textAt(body, 'id'), file };
}

async function untilNoted(file: string, { pid }: ServerProcess, count: number): Promise<void> {
  const noted = async () => (await notedSteps(file)).filter((note) => note.pid === pid).length >= count;
  await until(noted, { what: `process ${pid} to run ${count} steps` });
}

const eventsOf = async (server: ServerProcess, id: string): Promise<readonly EventFrame[]> =>
  allFramesOf(await fetch(`${server.url}/tasks/${id}/events`));

/** The log is whole and in order, and each step but the one in flight was run once, by one process after the other. */
async function expectOneHistory(frames: readonly EventFrame[], file: string): Promise<void> {
  expect(frames.map(({ id }) => id)).toEqual(frames.map((_, index) => index + 1));
  const said = frames.map(({ data }) => textAt(data, 'statusUpdate', 'status', 'message', 'parts', 0, 'text'));
  expect(said.filter((text) => /^Noted \d+$/.test(text))).toEqual(inOrder.map((step) => `Noted ${step}`));
  const notes = await notedSteps(file);
  expect([...new Set(notes.map(({ step }) => step))]).toEqual(inOrder);
  expect(notes.length - steps).toBeLessThanOrEqual(1);
  const takenOver = notes.findIndex(({ pid }) => pid === second.pid);
  expect(takenOver).toBeGreaterThan(0);
  expect(notes.slice(takenOver).every(({ pid }) => pid === second.pid)).toBe(true);
}

describe('a process that is paused past its lease', () => {
  it('has its task taken over, and wakes up beside the one that runs it now without disturbing it', async () => {
    const { id, file } = await notingTask(first);
    await untilNoted(file, first, 4);
    await first.kill('SIGSTOP');
    await untilNoted(file, second, 3);
    await first.kill('SIGCONT');
    const rejoined = () => first.output().includes('rejoining');
    await until(rejoined, { what: 'the process to notice that it was taken for dead' });
    await completedTask(second.url, id);
    const frames = await eventsOf(second, id);
    await expectOneHistory(frames, file);
    expect(await eventsOf(first, id)).toEqual(frames);
  });

  it('serves calls again', async () => {
    const body = { message: { parts: [{ data: { steps: 3, delayMs: 5 } }] }, wait: true };
    const answer = await call('POST', `${first.url}/agents/function/countdown/tasks`, { body });
    expect(answer.body).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } });
    const ran = at(answer.body, 'artifacts', 0, 'parts', 0, 'data', 'steps') as { pid: number }[];
    expect(ran.map(({ pid }) => pid)).toEqual([first.pid, first.pid, first.pid]);
    await until(async () => (await call('GET', `${first.url}/readyz`)).status === 200, { what: 'it to be ready' });
  });

  it('adds nothing to a task that has ended meanwhile', async () => {
    const rejoined = () => first.output().split('rejoining').length;
    const before = rejoined();
    const { id, file } = await notingTask(first);
    await untilNoted(file, first, 4);
    await first.kill('SIGSTOP');
    await completedTask(second.url, id);
    const frames = await eventsOf(second, id);
    await first.kill('SIGCONT');
    await until(() => rejoined() > before, { what: 'the process to notice that it was taken for dead' });
    const body = { message: 'Are you awake?', wait: true };
    expect((await call('POST', `${first.url}/agents/function/echo/tasks`, { body })).status).toBe(201);
    expect(await eventsOf(first, id)).toEqual(frames);
    await expectOneHistory(frames, file);
  });
});
