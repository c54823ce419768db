/** Tasks that are held, as their code contradicts what they have done: seen, told, answered, tried again, cancelled, ended. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, quick, refusalOf } from '../support/two-instances.js';
import { until } from '../support/until.js';
import { untilWritten } from '../support/until-written.js';

const HELD = 'urn:continuo:a2a:held:v1';
const PROGRESS = 'urn:continuo:a2a:progress:v1';
const entry = new URL('../support/changing-server.mjs', import.meta.url).pathname;
const settings = { ...quick, CONTINUO_DRAIN_MS: '500', CONTINUO_DATABASE_POOL: '4' };
const misfit = { finished: 'step "load"', found: 'step "load order"' };
const stage = 'Held: Finished: step "load"; the code now runs: step "load order".';
let url: string;
const started: ServerProcess[] = [];

beforeEach(async () => {
  ({ url } = await createTestDatabase());
});

afterEach(() => Promise.all(started.splice(0).map((server) => server.kill('SIGKILL'))));

async function start(version: string, more = {}): Promise<ServerProcess> {
  const env = { ...settings, DATABASE_URL: url, AGENTS_VERSION: version, ...more };
  const server = await startServer({ entry, env });
  started.push(server);
  return server;
}

const get = async (server: ServerProcess, id: string): Promise<unknown> =>
  (await call('GET', `${server.url}/tasks/${id}`)).body;

async function listed(server: ServerProcess, query: string): Promise<unknown> {
  const { status, body } = await call('GET', `${server.url}/tasks?${query}`);
  expect(status).toBe(200);
  return (at(body, 'tasks') as readonly unknown[]).map((task) => textAt(task, 'id'));
}

/** The task as soon as it is held. */
async function held(server: ServerProcess, id: string): Promise<unknown> {
  const look = async (): Promise<unknown> => {
    const task = await get(server, id);
    if (at(task, 'metadata', HELD) === undefined) throw new Error(JSON.stringify(task));
    return { task };
  };
  const { task } = (await until(look, { what: `task ${id} to be held` })) as { task: unknown };
  return task;
}

/** What the task's log says of its being held, and the stage with it. */
async function saidOf(server: ServerProcess, id: string): Promise<readonly unknown[]> {
  const frames = await allFramesOf(await fetch(`${server.url}/tasks/${id}/events?follow=false`));
  return frames.flatMap(({ data }) => {
    const metadata = at(data, 'statusUpdate', 'metadata');
    const why = at(metadata, HELD);
    return why === undefined ? [] : [[why, at(metadata, PROGRESS, 'stage')]];
  });
}

/** A task of the agent that has been answered, and then met code that does not fit, at a server that runs that. */
async function heldTask(agent = 'letters', text = 'yes', more = {}): Promise<readonly [ServerProcess, string]> {
  const first = await start('original');
  const id = await begin(first.url, agent);
  await inState(first.url, id, 'INPUT_REQUIRED');
  await first.kill('SIGTERM');
  const second = await start('renamed', more);
  answer(second.url, agent, id, text).catch(() => undefined);
  await held(second, id);
  return [second, id];
}

describe('a task that is held', () => {
  it('says so, is listed, keeps what it is told, and goes on by itself', async () => {
    const [server, id] = await heldTask();
    const task = await get(server, id);
    const since = textAt(task, 'metadata', HELD, 'since');
    expect(Date.parse(since)).toBeGreaterThan(0);
    expect(at(task, 'status', 'state')).toBe('TASK_STATE_WORKING');
    expect(at(task, 'metadata', HELD)).toEqual({ ...misfit, since });
    expect(at(task, 'metadata', PROGRESS)).toMatchObject({ fraction: 0.2, stage });

    const other = await begin(server.url, 'letters');
    await inState(server.url, other, 'INPUT_REQUIRED');
    expect(await listed(server, 'held=true')).toEqual([id]);
    expect(await listed(server, 'held=true&state=WORKING&agent=test/letters&pageSize=1')).toEqual([id]);
    expect(await listed(server, 'held=true&state=COMPLETED')).toEqual([]);
    expect(await listed(server, 'held=false')).toEqual([other]);
    expect(await listed(server, 'held=')).toEqual([other, id]);
    const ofAgent = (name: string) => call('GET', `${server.url}/agents/test/${name}/tasks?held=true`);
    expect(at((await ofAgent('letters')).body, 'totalSize')).toBe(1);
    expect(at((await ofAgent('refunds')).body, 'totalSize')).toBe(0);
    const { body: statistics } = await call('GET', `${server.url}/statistics`);
    expect(at(statistics, 'now')).toEqual({ queued: 0, running: 1, held: 1, waiting: 1 });

    // What it is told is kept, and it stays held.
    const message = { taskId: id, parts: [{ text: 'A word' }] };
    expect((await call('POST', `${server.url}/agents/test/letters/tasks`, { body: { message } })).status).toBe(200);
    expect(at(await get(server, id), 'metadata', HELD)).toEqual({ ...misfit, since });
    // Another instance with the same code tries as well, and says nothing new of it.
    const third = await start('renamed');
    await until(() => third.output().includes('a task is held'), { what: 'the task to be tried' });
    expect(await saidOf(server, id)).toEqual([[{ ...misfit, since }, stage]]);

    const fits = await start('original');
    const done = await inState(fits.url, id, 'COMPLETED');
    expect(saidBy(done)).toBe('sent, A word');
    expect(at(done, 'metadata', HELD)).toBeUndefined();
    expect(await saidOf(server, id)).toEqual([
      [{ ...misfit, since }, stage],
      [null, ''],
    ]);
    expect(await listed(server, 'held=true')).toEqual([]);
  });

  it('is held no more as soon as its code fits, also when it goes on to wait', async () => {
    const [server, id] = await heldTask('letters', 'sleep');
    const fits = await start('original');
    await until(async () => at(await get(fits, id), 'metadata', HELD) === undefined, { what: 'the task to go on' });
    expect(at(await get(server, id), 'metadata', PROGRESS)).toMatchObject({ fraction: 0.2, stage: '' });
    expect(await listed(server, 'held=true')).toEqual([]);
    expect(await listed(server, 'state=WORKING')).toEqual([id]);
  });

  it('goes on with an older version while the newer one is up', async () => {
    const older = await start('original', { AGENTS_NUMBER: '1.0.0' });
    const id = await begin(older.url, 'letters');
    await inState(older.url, id, 'INPUT_REQUIRED');
    await older.kill('SIGTERM');
    const newer = await start('renamed', { AGENTS_NUMBER: '2.0.0' });
    answer(newer.url, 'letters', id, 'yes').catch(() => undefined);
    expect(at(await held(newer, id), 'metadata', 'agentVersion')).toBe('2.0.0');
    const again = await start('original', { AGENTS_NUMBER: '1.0.0' });
    const done = await inState(again.url, id, 'COMPLETED');
    expect([saidBy(done), at(done, 'metadata', 'agentVersion')]).toEqual(['1.0.0', '1.0.0']);
    await untilWritten(newer, 'a task is held');
  });

  it('goes on with an older version that is beside the newer one, in the same process', async () => {
    const [newer, id] = await heldTask('letters', 'yes', { AGENTS_NUMBER: '2.0.0' });
    expect(at(await get(newer, id), 'metadata', 'agentVersion')).toBe('2.0.0');
    const both = await start('renamed', { AGENTS_NUMBER: '2.0.0', AGENTS_BESIDE: '1.0.0 original' });
    const done = await inState(both.url, id, 'COMPLETED');
    expect([saidBy(done), at(done, 'metadata', 'agentVersion')]).toEqual(['1.0.0', '1.0.0']);
  });

  it.each<readonly [how: string, operations: readonly string[]]>([
    ['by itself', []],
    ['by a retry', ['cancel', 'retry']],
  ])('is not kept by a pinned version that has tried it in vain: goes on %s', async (_how, operations) => {
    const [, id] = await heldTask('letters', 'yes', { AGENTS_NUMBER: '2.0.0' });
    const pinned = await start('renamed', { AGENTS_NUMBER: '1.0.0', AGENTS_DEPLOYS: 'pinned' });
    await until(() => pinned.output().includes('a task is held'), { what: 'the task to be tried' });
    for (const operation of operations) {
      expect((await call('POST', `${pinned.url}/tasks/${id}:${operation}`)).status).toBe(200);
    }
    const fits = await start('original', { AGENTS_NUMBER: '2.0.1' });
    const done = await inState(fits.url, id, 'COMPLETED');
    expect([saidBy(done), at(done, 'metadata', 'agentVersion')]).toEqual(['2.0.1', '2.0.1']);
  });

  it('a filter that says neither true nor false is refused', async () => {
    const server = await start('original');
    for (const value of ['yes', '1', 'TRUE', 'held']) {
      const answered = await call('GET', `${server.url}/tasks?held=${value}`);
      expect(refusalOf(answered)).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field: 'held' });
      expect(textAt(answered.body, 'error', 'message')).toContain('expected one of true, false');
    }
  });
});

describe('what people do with a task that is held', () => {
  it('cancel ends it at once', async () => {
    const [server, id] = await heldTask();
    const { status, body } = await call('POST', `${server.url}/tasks/${id}:cancel`);
    expect([status, at(body, 'status', 'state'), at(body, 'metadata', HELD)]).toEqual([
      200,
      'TASK_STATE_CANCELED',
      undefined,
    ]);
    expect(await listed(server, 'held=true')).toEqual([]);
  });

  it('retry from the start begins it anew with the code that there is', async () => {
    const [server, id] = await heldTask();
    const { status, body } = await call('POST', `${server.url}/tasks/${id}:retry`, { body: { from: 'start' } });
    expect([status, at(body, 'status', 'state'), at(body, 'metadata', HELD)]).toEqual([
      200,
      'TASK_STATE_WORKING',
      undefined,
    ]);
    const asked = await inState(server.url, id, 'INPUT_REQUIRED');
    expect(at(asked, 'metadata', PROGRESS)).toMatchObject({ attempt: 2 });
    answer(server.url, 'letters', id, 'yes').catch(() => undefined);
    expect(saidBy(await inState(server.url, id, 'COMPLETED'))).toBe('sent');
  });

  it('retry without more tries again at once, where it was tried before', async () => {
    const [server, id] = await heldTask();
    const before = textAt(await get(server, id), 'metadata', HELD, 'since');
    const key = { headers: { 'idempotency-key': 'again' } };
    expect((await call('POST', `${server.url}/tasks/${id}:retry`, key)).status).toBe(200);
    const again = until(
      async () => {
        const since = textAt(await get(server, id), 'metadata', HELD, 'since');
        return since > before && { since };
      },
      { what: 'the task to be held once more' },
    );
    const { since } = await again;
    expect(await saidOf(server, id)).toEqual([
      [{ ...misfit, since: before }, stage],
      [null, ''],
      [{ ...misfit, since }, stage],
    ]);
    // The same request is no other one.
    expect((await call('POST', `${server.url}/tasks/${id}:retry`, key)).status).toBe(200);
    expect(at(await get(server, id), 'metadata', HELD)).toEqual({ ...misfit, since });
  });

  it('retry from the start ends the children that are still under way', async () => {
    const first = await start('original');
    const id = await begin(first.url, 'family');
    await inState(first.url, id, 'INPUT_REQUIRED');
    await first.kill('SIGTERM');
    const second = await start('renamed');
    answer(second.url, 'family', id, 'yes').catch(() => undefined);
    await held(second, id);
    const asking = (await listed(second, `parentTaskId=${id}&state=INPUT_REQUIRED`)) as readonly string[];
    expect(asking).toHaveLength(2);
    await call('POST', `${second.url}/tasks/${id}:retry`, { body: { from: 'start' } });
    for (const child of asking) await inState(second.url, child, 'CANCELED');
    await inState(second.url, id, 'INPUT_REQUIRED');
    expect(await listed(second, `parentTaskId=${id}&state=INPUT_REQUIRED`)).toHaveLength(2);
  });
});

describe('with CONTINUO_HELD_TIMEOUT_MS', () => {
  it('a held task fails, says what contradicted, and goes on from there when its code fits again', async () => {
    const limit = { CONTINUO_HELD_TIMEOUT_MS: '1000' };
    const [server, id] = await heldTask('letters', 'yes', limit);
    const beside = await start('renamed', limit);
    const failed = await inState(server.url, id, 'FAILED');
    expect(saidBy(failed)).toBe(
      "The task was held for more than 1000 ms, as its agent's code contradicts what it has done. " +
        'Finished: step "load"; the code now runs: step "load order".',
    );
    expect(at(failed, 'metadata', 'urn:continuo:a2a:error:v1', 'name')).toBe('HeldTooLong');
    const { body: errors } = await call('GET', `${server.url}/statistics/errors`);
    expect(at(errors, 'errors', 0)).toMatchObject({
      agent: 'test/letters',
      name: 'HeldTooLong',
      taskId: id,
      place: null,
    });
    expect(at(failed, 'metadata', HELD)).toBeUndefined();
    const frames = await allFramesOf(await fetch(`${beside.url}/tasks/${id}/events`));
    expect(
      frames.filter(({ data }) => at(data, 'statusUpdate', 'status', 'state') === 'TASK_STATE_FAILED'),
    ).toHaveLength(1);
    for (const one of [server, beside]) await one.kill('SIGTERM');

    const fits = await start('original', limit);
    expect((await call('POST', `${fits.url}/tasks/${id}:retry`)).status).toBe(200);
    expect(saidBy(await inState(fits.url, id, 'COMPLETED'))).toBe('sent');
  });

  it('what was held while no server ran is tried before it fails', async () => {
    const [server, id] = await heldTask();
    await server.kill('SIGTERM');
    const fits = await start('original', { CONTINUO_HELD_TIMEOUT_MS: '1000' });
    expect(saidBy(await inState(fits.url, id, 'COMPLETED'))).toBe('sent');
  });
});
