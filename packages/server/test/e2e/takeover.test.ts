/** Tasks that move between instances: seen through the official client, after kill -9, on SIGTERM, and one that kills. */
import { randomUUID } from 'node:crypto';
import { TaskState, type StreamResponse } from '@a2a-js/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { connect, request, stateOf, textOf } from '../support/a2a-client.js';
import { completedTask } from '../support/completed-task.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { makeNotesFile, notedSteps } from '../support/noted-steps.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const quick = { CONTINUO_LEASE_MS: '1200', CONTINUO_HEARTBEAT_MS: '300', CONTINUO_SWEEP_MS: '200' };
const steps = 40;
let databaseUrl: string;

beforeAll(async () => {
  databaseUrl = (await createTestDatabase()).url;
});

function start(env: Readonly<Record<string, string>> = quick): Promise<ServerProcess> {
  return startServer({ entry, env: { DATABASE_URL: databaseUrl, ...env } });
}

/** A task that takes `steps` steps, on the server that is asked; `file` is where its agent writes down what it did. */
async function notingTask(server: ServerProcess, ids = { messageId: randomUUID(), contextId: randomUUID() }) {
  const file = await makeNotesFile();
  const message = { ...ids, parts: [{ data: { steps, delayMs: 100, file } }] };
  const { body } = await call('POST', `${server.url}/agents/test/notes/tasks`, { body: { message } });
  return { id: textAt(body, 'id'), file };
}

async function untilNoted(file: string, { pid }: ServerProcess, count = 3): Promise<void> {
  const noted = async () => (await notedSteps(file)).filter((note) => note.pid === pid).length >= count;
  await until(noted, { what: `process ${pid} to run ${count} steps` });
}

/** The step that an event reports; undefined for other events. */
function stepOf({ payload }: StreamResponse): number | undefined {
  const message = payload?.$case === 'statusUpdate' ? payload.value.status?.message : undefined;
  const step = /^Noted (\d+)$/.exec(textOf(message?.parts))?.[1];
  return step === undefined ? undefined : Number(step);
}

/** The steps that a stream reports, until `enough` or to its end; and how many the task had taken when it began. */
async function stepsOf(stream: AsyncGenerator<StreamResponse, void>, enough = Infinity) {
  let taken = 0;
  let ended: TaskState | undefined;
  const seen: number[] = [];
  for await (const event of stream) {
    if (event.payload?.$case === 'task') {
      const progress = at(event.payload.value.metadata, 'urn:continuo:a2a:progress:v1');
      taken = Number(/^Noted (\d+)$/.exec(textAt(progress, 'stage'))?.[1] ?? 0);
    }
    if (event.payload?.$case === 'statusUpdate') ended = event.payload.value.status?.state;
    const step = stepOf(event);
    if (step !== undefined) seen.push(step);
    if (step !== undefined && step >= enough) break;
  }
  return { taken, seen, ended };
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Every step was run, and none twice but the one in flight. */
async function expectOnce(file: string, moves = 1): Promise<void> {
  const ran = (await notedSteps(file)).map(({ step }) => step);
  expect([...new Set(ran)]).toEqual(range(1, steps));
  expect(ran.length - steps).toBeLessThanOrEqual(moves);
}

describe('a client of A', () => {
  it('streams to its end, over a reconnect, a task that ran on B and was taken over by C after kill -9', async () => {
    const [a, b, c] = [await start(), await start(), await start()];
    const ids = { messageId: randomUUID(), contextId: randomUUID() };
    const { id, file } = await notingTask(b, ids);
    const client = await connect(a.url, 'test/notes');
    // The same message again: the task that it made, once that has ended.
    const content = { steps, delayMs: 100, file };
    const blocking = client.sendMessage(request(content, ids));

    const before = await stepsOf(client.resubscribeTask({ id, tenant: '' }), 5);
    await untilNoted(file, b);
    // A sleeps until C has the task, so that nobody but C can take it over.
    await a.kill('SIGSTOP');
    await b.kill('SIGKILL');
    await untilNoted(file, c, 1);
    await a.kill('SIGCONT');

    const after = await stepsOf(client.resubscribeTask({ id, tenant: '' }));
    expect(before.seen).toEqual(range(before.taken + 1, 5));
    expect(after.taken).toBeGreaterThanOrEqual(5);
    expect(after.seen).toEqual(range(after.taken + 1, steps));
    expect(after.ended).toBe(TaskState.TASK_STATE_COMPLETED);

    const answer = await blocking;
    expect('id' in answer && [answer.id, stateOf(answer)]).toEqual([id, 'COMPLETED']);
    await expectOnce(file);
    const pids = new Set((await notedSteps(file)).map(({ pid }) => pid));
    expect([...pids]).toEqual([b.pid, c.pid]);
    await Promise.all([a.kill('SIGTERM'), c.kill('SIGTERM')]);
  });

  it('loses nothing of a stream that is open while A is paused and C takes the task over', async () => {
    const [a, b, c] = [await start(), await start(), await start()];
    const { id, file } = await notingTask(b);
    const client = await connect(a.url, 'test/notes');
    const streaming = stepsOf(client.resubscribeTask({ id, tenant: '' }));
    await untilNoted(file, b);
    await a.kill('SIGSTOP');
    await b.kill('SIGKILL');
    await untilNoted(file, c, 1);
    await a.kill('SIGCONT');
    const { taken, seen, ended } = await streaming;
    expect(seen).toEqual(range(taken + 1, steps));
    expect(ended).toBe(TaskState.TASK_STATE_COMPLETED);
    await Promise.all([a.kill('SIGTERM'), c.kill('SIGTERM')]);
  });
});

it('on SIGTERM hands its tasks over without anybody waiting for its lease', async () => {
  // A lease that outlives the test: who waits for it fails.
  const patient = { CONTINUO_LEASE_MS: '600000', CONTINUO_DRAIN_MS: '200' };
  const [leaving, staying] = [await start(patient), await start(patient)];
  const { id, file } = await notingTask(leaving);
  await untilNoted(file, leaving);
  await leaving.kill('SIGTERM');
  await completedTask(staying.url, id);
  await expectOnce(file);
  const pids = new Set((await notedSteps(file)).map(({ pid }) => pid));
  expect([...pids]).toEqual([leaving.pid, staying.pid]);
  await staying.kill('SIGTERM');
});

it('a task that kills its process again and again is FAILED after CONTINUO_MAX_RUNS, and the others go on', async () => {
  const env = { ...quick, CONTINUO_MAX_RUNS: '3' };
  const first = await start(env);
  const { id: innocent, file } = await notingTask(first);
  // The answer dies with the process.
  await call('POST', `${first.url}/agents/test/kills-its-process/tasks`, { body: { message: 'go' } }).catch(
    () => undefined,
  );
  const { survivor, deaths } = await survivorOf(first, env);
  expect(deaths).toBe(3);
  const failed = await killerOn(survivor);
  const id = textAt(failed, 'id');
  expect(textAt(failed, 'status', 'message', 'parts', 0, 'text')).toContain('was started 3 times');
  await completedTask(survivor.url, innocent);
  await expectOnce(file, 3);
  const frames = await allFramesOf(await fetch(`${survivor.url}/tasks/${id}/events`));
  expect(frames.map((frame) => frame.id)).toEqual(range(1, frames.length));
});

async function killerOn({ url }: ServerProcess): Promise<unknown> {
  const { body } = await call('GET', `${url}/tasks?agent=test/kills-its-process`);
  return at(body, 'tasks', 0);
}

/** Starts the server again whenever the task has killed it, until the task has failed. */
async function survivorOf(first: ServerProcess, env: Readonly<Record<string, string>>) {
  const hasFailed = async (server: ServerProcess): Promise<boolean> =>
    textAt(await killerOn(server), 'status', 'state') === 'TASK_STATE_FAILED';
  let server: ServerProcess | undefined = first;
  for (let deaths = 0; deaths < 10; deaths += 1) {
    const alive = server;
    if (alive !== undefined) {
      const failed = until(() => hasFailed(alive), { what: 'the task to fail' }).then(() => true);
      if (await Promise.race([failed, alive.exited.then(() => false)])) return { survivor: alive, deaths };
      failed.catch(() => undefined);
    }
    // It may die before it is ready: the task is the first thing that it takes over.
    server = await start(env).catch(() => undefined);
  }
  throw new Error('no server survived');
}
