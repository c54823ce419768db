/** Instances with different agents, as during a rolling deploy: no task fails because the instance that finds it lacks its agent. */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { makeNotesFile } from '../support/noted-steps.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/fleet-server.mjs', import.meta.url).pathname;
const settings = { ...quick, CONTINUO_DATABASE_POOL: '4' };
let url: string;
const started: ServerProcess[] = [];

beforeEach(async () => {
  ({ url } = await createTestDatabase());
});

afterEach(() => Promise.all(started.splice(0).map((server) => server.kill('SIGKILL'))));

async function start(agents: string, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const server = await startServer({ entry, env: { ...settings, DATABASE_URL: url, FLEET_AGENTS: agents, ...env } });
  started.push(server);
  return server;
}

const linesOf = async (file: string): Promise<readonly string[]> => (await readFile(file, 'utf8')).trim().split('\n');

async function mend(file: string): Promise<void> {
  await writeFile(`${file}.mended`, '');
}

async function stepTwo(file: string): Promise<void> {
  await until(async () => (await linesOf(file)).includes('two'), { what: 'the second step', timeoutMs: 30_000 });
}

/** As a client sees it at `server`. */
async function stateAt(server: ServerProcess, id: string): Promise<string> {
  return textAt((await call('GET', `${server.url}/tasks/${id}`)).body, 'status', 'state');
}

describe('a task whose agent only some instances have', { timeout: 300_000 }, () => {
  it('waits for one of them when the one that ran it dies, and goes on from its last step', async () => {
    const [a, b] = [await start('works'), await start('says')];
    const file = await makeNotesFile();
    const id = await begin(a.url, 'works', { file });
    await stepTwo(file);
    await a.kill('SIGKILL');
    await until(() => b.output().includes('instances are silent'), { what: 'b to notice', timeoutMs: 30_000 });
    // b has looked for work since then: it has begun and ended what it can.
    await inState(b.url, await begin(b.url, 'says'), 'COMPLETED');
    const late = await start('says');
    await expect
      .poll(() => late.output(), { timeout: 60_000 })
      .toMatch(/"agents":\[\{"agent":"test\/works","tasks":1\}\].*no instance has the agents/);
    expect(await stateAt(b, id)).toBe('TASK_STATE_WORKING');
    await start('works');
    await mend(file);
    expect(saidBy(await inState(b.url, id, 'COMPLETED'))).toBe('Worked.');
    expect(await linesOf(file)).toEqual(['one', 'two', 'two']);
    expect(await runOn(url, `SELECT run_count FROM tasks WHERE id = '${id}'`)).toEqual([{ run_count: 1 }]);
  });

  it('goes on there when it was retried, and ends when it was cancelled, at one that lacks it', async () => {
    const [a, b] = [await start('works,fails'), await start('says')];
    const file = await makeNotesFile();
    const id = await begin(a.url, 'fails', { file });
    await inState(b.url, id, 'FAILED');
    await mend(file);
    expect((await call('POST', `${b.url}/tasks/${id}:retry`)).status).toBe(200);
    expect(saidBy(await inState(b.url, id, 'COMPLETED'))).toBe('Mended.');
    const other = await makeNotesFile();
    const works = await begin(a.url, 'works', { file: other });
    await stepTwo(other);
    expect((await call('POST', `${b.url}/tasks/${works}:cancel`)).status).toBe(200);
    expect(await stateAt(a, works)).toBe('TASK_STATE_CANCELED');
  });

  it('is called and asked by tasks of others', async () => {
    const [a, b] = [await start('asks'), await start('calls')];
    const id = await begin(b.url, 'calls', 'test/asks');
    await inState(b.url, id, 'INPUT_REQUIRED');
    const message = { taskId: id, parts: [{ text: 'blue' }] };
    expect((await call('POST', `${b.url}/agents/test/calls/tasks`, { body: { message } })).status).toBe(200);
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('You said blue.');
    const nobody = await begin(b.url, 'calls', 'test/nobody');
    expect(saidBy(await inState(b.url, nobody, 'FAILED'))).toContain('There is no agent "test/nobody"');
  });

  it('begins there at its time', async () => {
    const [a] = [await start('says'), await start('works')];
    const startAt = Date.now() + 2_000;
    const bodies = Array.from({ length: 8 }, () => ({ message: 'go', startAt: new Date(startAt).toISOString() }));
    const sent = await Promise.all(bodies.map((body) => call('POST', `${a.url}/agents/test/says/tasks`, { body })));
    for (const { body } of sent) {
      const said = saidBy(await inState(a.url, textAt(body, 'id'), 'COMPLETED'));
      expect(Number(said)).toBeGreaterThanOrEqual(startAt);
    }
  });
});

describe('an instance whose clock is two hours wrong', { timeout: 300_000 }, () => {
  it.each([7_200_000, -7_200_000])('(%i ms) says so, and begins no task before its time', async (shift) => {
    const shifted = new URL('../support/shifted-clock.mjs', import.meta.url).href;
    const server = await start('says', { SHIFT_MS: String(shift), NODE_OPTIONS: `--import ${shifted}` });
    await expect
      .poll(() => server.output(), { timeout: 60_000 })
      .toMatch(shift > 0 ? /7\d\d\d\.\d s ahead of the database/ : /7\d\d\d\.\d s behind/);
    const startAt = Date.now() + 2_000;
    const body = {
      message: { messageId: randomUUID(), parts: [{ text: 'go' }] },
      startAt: new Date(startAt).toISOString(),
    };
    const { body: task } = await call('POST', `${server.url}/agents/test/says/tasks`, { body });
    const done = await inState(server.url, textAt(task, 'id'), 'COMPLETED');
    expect(Number(saidBy(done))).toBeGreaterThanOrEqual(startAt);
    expect(Math.abs(Date.parse(textAt(done, 'status', 'timestamp')) - Date.now())).toBeLessThan(60_000);
    expect(at(done, 'id')).toBe(textAt(task, 'id'));
  });
});
