/** Deploys with several versions of an agent side by side: each task is run by a version that may run it. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRESS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';
import { untilWritten } from '../support/until-written.js';

const entry = new URL('../support/versions-server.mjs', import.meta.url).pathname;
const settings = { ...quick, CONTINUO_DRAIN_MS: '500', CONTINUO_DATABASE_POOL: '4' };
let url: string;
const started: ServerProcess[] = [];

beforeEach(async () => {
  ({ url } = await createTestDatabase());
});

afterEach(() => Promise.all(started.splice(0).map((server) => server.kill('SIGKILL'))));

/** An instance with these versions of its agents: `pinned@1.0.0,pinned@2.0.0`. */
async function start(versions: string): Promise<ServerProcess> {
  const server = await startServer({ entry, env: { ...settings, DATABASE_URL: url, AGENT_VERSIONS: versions } });
  started.push(server);
  return server;
}

/** Answers the task, at whichever instance; answers with the status of the request. */
async function tell(server: ServerProcess, agent: string, taskId: string, text: string): Promise<number> {
  const body = { message: { messageId: randomUUID(), taskId, parts: [{ text }] } };
  return (await call('POST', `${server.url}/agents/test/${agent}/tasks`, { body })).status;
}

/** The task when it asks for the `n`th time. */
async function asks(server: ServerProcess, id: string, n: number): Promise<unknown> {
  return until(
    async () => {
      const { body } = await call('GET', `${server.url}/tasks/${id}`);
      if (at(body, 'status', 'state') !== 'TASK_STATE_INPUT_REQUIRED' || saidBy(body) !== `After step ${n}?`) {
        throw new Error(JSON.stringify(body));
      }
      return { task: body };
    },
    { what: `task ${id} to ask for the ${n}. time`, timeoutMs: 30_000 },
  ).then(({ task }) => task);
}

/** Lets the task run its next step, and says which version it ran with then. */
async function next(server: ServerProcess, agent: string, id: string, n: number): Promise<string> {
  expect(await tell(server, agent, id, 'go on')).toBe(200);
  return versionOf(await asks(server, id, n));
}

/** The task when its second attempt has failed. */
async function failedAgain(server: ServerProcess, id: string): Promise<unknown> {
  const look = async (): Promise<unknown> => {
    const { body } = await call('GET', `${server.url}/tasks/${id}`);
    if (at(body, 'metadata', PROGRESS_EXTENSION, 'attempt') !== 2) throw new Error(JSON.stringify(body));
    return inState(server.url, id, 'FAILED');
  };
  return until(async () => ({ task: await look() }), { what: 'its second attempt' }).then(({ task }) => task);
}

const versionOf = (task: unknown): string => textAt(task, 'metadata', 'agentVersion');

async function ended(server: ServerProcess, agent: string, id: string): Promise<string> {
  expect(await tell(server, agent, id, 'end')).toBe(200);
  return saidBy(await inState(server.url, id, 'COMPLETED'));
}

describe('a task of an agent that deploys its latest version', { timeout: 300_000 }, () => {
  it('goes on with newer code, never back to older code while newer is there, and back in a rollback', async () => {
    const [old, newer] = [await start('latest@1.9.0'), await start('latest@1.10.0')];
    const ids = await Promise.all(Array.from({ length: 4 }, () => begin(newer.url, 'latest')));
    for (const id of ids) expect(versionOf(await asks(newer, id, 1))).toBe('1.10.0');
    // The old instance is asked each time, and would begin them at once.
    for (const id of ids) expect(await next(old, 'latest', id, 2)).toBe('1.10.0');
    const begunByOld = await begin(old.url, 'latest');
    expect(versionOf(await asks(old, begunByOld, 1))).toBe('1.9.0');
    expect(await next(newer, 'latest', begunByOld, 2)).toBe('1.10.0');
    expect(await next(old, 'latest', begunByOld, 3)).toBe('1.10.0');
    await newer.kill('SIGTERM');
    expect(await next(old, 'latest', begunByOld, 4)).toBe('1.9.0');
    expect(await ended(old, 'latest', begunByOld)).toBe('1.9.0,1.10.0,1.10.0,1.9.0');
    const [back = ''] = ids;
    expect(await next(old, 'latest', back, 3)).toBe('1.9.0');
  });
});

describe('a task of a pinned agent', { timeout: 300_000 }, () => {
  it('stays with the version that began it as long as an instance has that, and goes on with another after it', async () => {
    const [old, newer] = [await start('pinned@1.0.0'), await start('pinned@2.0.0')];
    const [a, b] = [await begin(old.url, 'pinned'), await begin(newer.url, 'pinned')];
    await Promise.all([asks(old, a, 1), asks(old, b, 1)]);
    for (const server of [newer, old]) {
      const n = server === newer ? 2 : 3;
      expect(await next(server, 'pinned', a, n)).toBe('1.0.0');
      expect(await next(server, 'pinned', b, n)).toBe('2.0.0');
    }
    // Its attempts stay with it; one that begins at the beginning begins with the newest that finds it.
    expect(await tell(newer, 'pinned', a, 'fail')).toBe(200);
    await inState(newer.url, a, 'FAILED');
    expect((await call('POST', `${newer.url}/tasks/${a}:retry`)).status).toBe(200);
    expect(versionOf(await failedAgain(newer, a))).toBe('1.0.0');
    await old.kill('SIGKILL');
    expect((await call('POST', `${newer.url}/tasks/${a}:retry`, { body: { from: 'start' } })).status).toBe(200);
    expect(versionOf(await asks(newer, a, 1))).toBe('2.0.0');
    expect(await ended(newer, 'pinned', b)).toBe('2.0.0,2.0.0,2.0.0');
  });

  it('finds its version through the queue that its limits share with others', async () => {
    const [old, newer] = [await start('limited@1.0.0'), await start('limited@2.0.0')];
    // Whichever instance is faster begins a task: as a rule the one where it came.
    const begun = new Map<string, string>();
    for (let n = 0; begun.size < 2; n += 1) {
      expect(n).toBeLessThan(100);
      const id = await begin(n % 2 === 0 ? old.url : newer.url, 'limited');
      begun.set(versionOf(await asks(old, id, 1)), id);
    }
    for (const n of [2, 3, 4]) {
      for (const [version, id] of begun) expect(await next(newer, 'limited', id, n)).toBe(version);
    }
  });

  it('goes on with another version when none is left that began it', async () => {
    const [old, newer] = [await start('pinned@1.0.0'), await start('pinned@2.0.0')];
    const id = await begin(old.url, 'pinned');
    await asks(old, id, 1);
    await old.kill('SIGKILL');
    expect(await next(newer, 'pinned', id, 2)).toBe('2.0.0');
    const said = `"taskId":"${id}","agent":"test/pinned","run":1,"version":"2.0.0","ranWith":"1.0.0","msg":"a task begins"`;
    await untilWritten(newer, said);
    expect(await ended(newer, 'pinned', id)).toBe('1.0.0,2.0.0');
  });

  it('is named by a start that lacks its version, and again when no other instance has it', async () => {
    const old = await start('pinned@1.0.0,latest@1.0.0');
    const ids = [await begin(old.url, 'pinned'), await begin(old.url, 'latest')];
    await Promise.all([asks(old, ids[0] ?? '', 1), asks(old, ids[1] ?? '', 1)]);
    const named = '"versions":[{"agent":"test/pinned","version":"1.0.0","tasks":1}]';
    const told = (server: ServerProcess, what: string): boolean =>
      server
        .output()
        .split('\n')
        .some((line) => line.includes(named) && line.includes(what));
    const beside = await start('pinned@2.0.0,latest@2.0.0');
    await until(() => told(beside, 'other instances have the agents'), { what: 'the version to be named' });
    await Promise.all([old.kill('SIGTERM'), beside.kill('SIGTERM')]);
    const alone = await start('pinned@2.0.0,latest@2.0.0');
    await until(() => told(alone, 'no instance has the pinned versions'), { what: 'the version to be named' });
    const both = await start('pinned@1.0.0,pinned@2.0.0,latest@2.0.0');
    expect(await next(both, 'pinned', ids[0] ?? '', 2)).toBe('1.0.0');
    expect(told(both, 'these tasks')).toBe(false);
  });

  it('finds its version where several are side by side; new tasks and calls find the newest', async () => {
    const first = await start('pinned@9.0.0');
    const id = await begin(first.url, 'pinned');
    await asks(first, id, 1);
    const both = await start('pinned@9.0.0,pinned@10.0.0');
    await first.kill('SIGTERM');
    expect(await next(both, 'pinned', id, 2)).toBe('9.0.0');
    const fresh = await begin(both.url, 'pinned');
    expect(versionOf(await asks(both, fresh, 1))).toBe('10.0.0');
    const { body: card } = await call('GET', `${both.url}/agents/test/pinned/.well-known/agent-card.json`);
    expect(textAt(card, 'version')).toBe('10.0.0');
    const startAt = new Date(Date.now() + 500).toISOString();
    const later = await call('POST', `${both.url}/agents/test/pinned/tasks`, { body: { message: 'go', startAt } });
    expect(at(later.body, 'metadata', 'agentVersion')).toBeUndefined();
    expect(versionOf(await asks(both, textAt(later.body, 'id'), 1))).toBe('10.0.0');
    const parent = await begin(both.url, 'calls', 'test/pinned');
    await inState(both.url, parent, 'INPUT_REQUIRED');
    const { body: children } = await call('GET', `${both.url}/tasks?parentTaskId=${parent}`);
    expect(versionOf(at(children, 'tasks', 0))).toBe('10.0.0');
    expect(await ended(both, 'pinned', id)).toBe('9.0.0,9.0.0');
  });
});

describe('a task whose agent no instance has', { timeout: 300_000 }, () => {
  it('is answered all the same, and goes on when one comes', async () => {
    const first = await start('latest@1.0.0');
    const [id, left] = [await begin(first.url, 'latest'), await begin(first.url, 'latest')];
    await Promise.all([asks(first, id, 1), asks(first, left, 1)]);
    await first.kill('SIGTERM');
    const lacks = await start('');
    await expect
      .poll(() => lacks.output(), { timeout: 60_000 })
      .toMatch(/"agent":"test\/latest","version":"1.0.0","tasks":2.*no instance has the agents/);
    const address = `${lacks.url}/agents/test/latest`;
    expect(await tell(lacks, 'latest', id, 'go on')).toBe(200);
    const { body: sent } = await callRpc(address, 'SendMessage', {
      message: { messageId: randomUUID(), taskId: left, role: 'ROLE_USER', parts: [{ text: 'end' }] },
      configuration: { returnImmediately: true },
    });
    expect(at(sent, 'result', 'task', 'status', 'state')).toBe('TASK_STATE_WORKING');
    // What is no answer to a task finds no agent.
    const refused = await call('POST', `${address}/tasks`, { body: { message: 'go' } });
    expect([refused.status, at(refused.body, 'error', 'details', 0, 'reason')]).toEqual([404, 'AGENT_NOT_FOUND']);
    expect((await call('GET', `${lacks.url}/agents/test/other/tasks`)).status).toBe(404);
    expect(textAt((await call('GET', `${lacks.url}/tasks/${id}`)).body, 'status', 'state')).toBe('TASK_STATE_WORKING');
    const again = await start('latest@1.0.1');
    expect(versionOf(await asks(again, id, 2))).toBe('1.0.1');
    expect(saidBy(await inState(again.url, left, 'COMPLETED'))).toBe('1.0.0');
    expect(await runOn(url, `SELECT agent_version FROM tasks WHERE id = '${left}'`)).toEqual([
      { agent_version: '1.0.1' },
    ]);
  });
});
