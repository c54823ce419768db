/** kill -9 in the middle of everything: what was accepted goes on, what was done stays done, nobody misses an event. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { completedTask } from '../support/completed-task.js';
import { at, call } from '../support/http-calls.js';
import { ResumingReader } from '../support/event-stream.js';
import { makeNotesFile, notedSteps } from '../support/noted-steps.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { until } from '../support/until.js';
import { answerParts } from '../support/answers.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({ entry, env: { ...soon, CONTINUO_DATA_DIR: await makeTestDirectory('data') } });
});

/** The same server again, on the same data and at the same address, after it was killed. */
async function killAndRestart(): Promise<void> {
  await server.kill('SIGKILL');
  server = await startServer({ entry, env: server.env });
}

async function createTask(agent: string, body: unknown): Promise<string> {
  const { status, body: task } = await call('POST', `${server.url}/agents/${agent}/tasks`, { body });
  expect(status).toBe(201);
  return String(at(task, 'id'));
}

const completed = (id: string): Promise<unknown> => completedTask(server.url, id);

const stageOf = (data: unknown): unknown =>
  at(data, 'statusUpdate', 'metadata', 'urn:continuo:a2a:progress:v1', 'stage');

describe('a countdown of 20 steps, its server killed in the middle', () => {
  const steps = 20;
  let id: string;
  let sessionId: string;
  let reader: ResumingReader;
  let firstPid: number;
  /** Steps whose end the subscriber had seen when the server was killed. */
  let seen: number;
  let task: unknown;
  /** How the subscriber's streams ended, before and after the kill. */
  const endings: string[] = [];

  beforeAll(async () => {
    const { body: session } = await call('POST', `${server.url}/sessions`);
    sessionId = String(at(session, 'id'));
    const message = { parts: [{ data: { steps, delayMs: 150 } }] };
    id = await createTask('function/countdown', { message, sessionId });
    reader = new ResumingReader(`${server.url}/tasks/${id}/events`);
    firstPid = server.pid;
    const reading = reader.read();
    const counted = () => reader.frames.some(({ data }) => stageOf(data) === 'Counted 8 of 20');
    await until(counted, { what: 'the eighth step to end' });
    await server.kill('SIGKILL');
    endings.push(await reading);
    server = await startServer({ entry, env: server.env });
    seen = reader.frames.filter(({ data }) => String(stageOf(data)).startsWith('Counted')).length;
    task = await completed(id);
    endings.push(await reader.read());
  });

  it('completes with every step in order, and no finished one run again', () => {
    const ran = at(task, 'artifacts', 0, 'parts', 0, 'data', 'steps') as { step: number; at: string; pid: number }[];
    expect(ran.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
    expect(seen).toBeGreaterThanOrEqual(8);
    const pids = ran.map(({ pid }) => pid);
    expect(pids.slice(0, seen)).toEqual(Array.from({ length: seen }, () => firstPid));
    // The one in flight may have ended just before the kill, with its event not stored yet.
    expect(pids.slice(seen + 1)).toEqual(Array.from({ length: steps - seen - 1 }, () => server.pid));
    const times = ran.map(({ at: time }) => time);
    expect(times).toEqual(times.toSorted());
  });

  it('shows each event exactly once and in order to a subscriber that comes back with Last-Event-ID', async () => {
    expect(endings).toEqual(['broken', 'ended']);
    expect(reader.ids).toEqual(reader.ids.map((_, index) => index + 1));
    const stages = reader.frames.map(({ data }) => stageOf(data)).filter((stage) => stage !== undefined);
    expect(stages).toEqual(Array.from({ length: steps }, (_, index) => `Counted ${index + 1} of ${steps}`));
    const again = new ResumingReader(`${server.url}/tasks/${id}/events`);
    await again.read();
    expect(again.frames).toEqual(reader.frames);
    expect(reader.frames.at(-1)?.data).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
  });

  it("keeps the user's message and the answer in the session, once each", async () => {
    const { body } = await call('GET', `${server.url}/sessions/${sessionId}/messages`);
    expect(at(body, 'messages')).toMatchObject([
      { seq: 1, taskId: id, message: { role: 'ROLE_USER', parts: [{ data: { steps, delayMs: 150 } }] } },
      { seq: 2, taskId: id, message: { role: 'ROLE_AGENT', parts: [{ text: 'Counted 20 steps.' }] } },
    ]);
  });
});

describe('after kill -9', () => {
  it('no step was run twice but the one in flight, however often the server was killed', async () => {
    const file = await makeNotesFile();
    const id = await createTask('test/notes', { message: { parts: [{ data: { steps: 12, delayMs: 60, file } }] } });
    const reader = new ResumingReader(`${server.url}/tasks/${id}/events`);
    const kills = [3, 7];
    for (const step of kills) {
      await reader.read(({ data }) => stageOf(data) === `Noted ${step}`);
      await killAndRestart();
    }
    await completed(id);
    const ran = (await notedSteps(file)).map(({ step }) => step);
    expect([...new Set(ran)]).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(ran.length - 12).toBeLessThanOrEqual(kills.length);
    // Whatever ran twice ran last in the process that was killed, and first in the next.
    const repeated = ran.filter((step, index) => index > 0 && step === ran[index - 1]);
    expect(repeated.length).toBe(ran.length - 12);
  });

  it('the second call of a session remembers the first', async () => {
    const { body: session } = await call('POST', `${server.url}/sessions`);
    const sessionId = at(session, 'id');
    const ask = async (message: string): Promise<string> => {
      const body = { message, sessionId, wait: true };
      const answer = await call('POST', `${server.url}/agents/context/assistant/tasks`, { body });
      return JSON.stringify(answerParts(answer.body));
    };
    await ask('My umbrella is purple.');
    await killAndRestart();
    expect(await ask('What colour is my umbrella?')).toContain('My umbrella is purple.');
    const { body } = await call('GET', `${server.url}/sessions/${String(sessionId)}/messages`);
    const roles = (at(body, 'messages') as unknown[]).map((message) => at(message, 'message', 'role'));
    expect(roles).toEqual(['ROLE_USER', 'ROLE_AGENT', 'ROLE_USER', 'ROLE_AGENT']);
  });

  it('tasks go on that were accepted a moment before, and questions are still open', async () => {
    const asking = await createTask('test/asks-twice', { message: 'go', wait: true });
    const texts = Array.from({ length: 8 }, () => randomUUID());
    const ids = await Promise.all(texts.map((message) => createTask('function/echo', { message })));
    await killAndRestart();
    const tasks = await Promise.all(ids.map(completed));
    expect(tasks.map((task) => at(task, 'artifacts', 0, 'parts'))).toEqual(texts.map((text) => [{ text }]));

    for (const text of ['Ada', 'green']) {
      const message = { taskId: asking, parts: [{ text }] };
      await call('POST', `${server.url}/agents/test/asks-twice/tasks`, { body: { message, wait: true } });
    }
    expect(answerParts(await completed(asking))).toEqual([{ text: 'Ada likes green.' }]);
  });
});
