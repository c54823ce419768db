/** Waiting is not work, and getting further is not failing: sleeps, time limits, and tasks that outlive many starts. */
import { appendFile, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { call } from '../support/http-calls.js';
import { makeNotesFile } from '../support/noted-steps.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/patient-server.mjs', import.meta.url).pathname;
const settings = { ...quick, CONTINUO_DRAIN_MS: '100', CONTINUO_MAX_RUNS: '2' };
let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({ entry, env: { ...settings, DATABASE_URL: (await createTestDatabase()).url } });
});

const restart = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  await server.kill(signal);
  server = await startServer({ entry, env: server.env });
};

const linesOf = async (file: string): Promise<readonly string[]> =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

const tell = (file: string, line: string): Promise<void> => appendFile(file, `${line}\n`);

async function untilNoted(file: string, what: string): Promise<void> {
  const noted = async () => (await linesOf(file)).some((line) => line.startsWith(what));
  await until(noted, { what: `"${what}" to be noted` });
}

const untilLogged = (id: string, what: string): Promise<unknown> =>
  until(
    () =>
      server
        .output()
        .split('\n')
        .some((line) => line.includes(id) && line.includes(what)),
    {
      what: `"${what}" to be logged`,
    },
  );

describe('a sleep longer than the time that the task may take', () => {
  it('ends when it should, also a short one', async () => {
    const file = await makeNotesFile();
    const id = await begin(server.url, 'sleeps', { ms: 3_500, file });
    expect(saidBy(await inState(server.url, id, 'COMPLETED'))).toBe('Slept.');
    expect(await linesOf(file)).toEqual(['before', 'after']);
  });

  it('holds no run, and outlives kill -9', async () => {
    const file = await makeNotesFile();
    const id = await begin(server.url, 'sleeps', { ms: 8_000, file });
    await untilLogged(id, 'a task waits');
    await restart('SIGKILL');
    expect(saidBy(await inState(server.url, id, 'COMPLETED'))).toBe('Slept.');
    expect(await linesOf(file)).toEqual(['before', 'after']);
  });

  it('is one of several at once', async () => {
    const id = await begin(server.url, 'sleeps-side-by-side');
    expect(saidBy(await inState(server.url, id, 'COMPLETED'))).toBe('All slept.');
  });

  it('ends with the task when that is cancelled', async () => {
    const id = await begin(server.url, 'sleeps', { ms: 3_600_000, file: await makeNotesFile() });
    await untilLogged(id, 'a task waits');
    expect(await inState(server.url, id, 'WORKING')).toBeDefined();
    expect((await call('POST', `${server.url}/tasks/${id}:cancel`)).status).toBe(200);
    await inState(server.url, id, 'CANCELED');
  });

  it('lets a step beside it go on', async () => {
    const file = await makeNotesFile();
    const id = await begin(server.url, 'races', { file });
    await untilNoted(file, 'works');
    // A sleep alone would have ended the run by now.
    const other = await begin(server.url, 'sleeps', { ms: 3_600_000, file: await makeNotesFile() });
    await untilLogged(other, 'a task waits');
    await tell(file, 'go');
    expect(saidBy(await inState(server.url, id, 'COMPLETED'))).toBe('worked');
    expect((await linesOf(file)).filter((line) => line === 'works')).toHaveLength(1);
  });

  it('has to be a number of milliseconds', async () => {
    for (const ms of ['a while', 1e300]) {
      const id = await begin(server.url, 'odd-sleep', { ms });
      expect(saidBy(await inState(server.url, id, 'FAILED'))).toContain('sleep: expected a number of milliseconds');
    }
  });
});

describe('the time that a task may take', () => {
  it('is not that of the children and messages for which it waits', async () => {
    const file = await makeNotesFile();
    const parent = await begin(server.url, 'waits-for-child', { file });
    const listener = await begin(server.url, 'waits-for-word');
    const short = await begin(server.url, 'sleeps-and-hangs');
    // Whose time is over after both of them have waited as long.
    expect(saidBy(await inState(server.url, short, 'FAILED'))).toBe('The agent did not finish within 2500 ms.');
    await tell(file, 'go');
    const message = { taskId: listener, parts: [{ text: 'Now.' }] };
    await call('POST', `${server.url}/agents/test/waits-for-word/tasks`, { body: { message } });
    expect(saidBy(await inState(server.url, parent, 'COMPLETED'))).toBe('Slow.');
    expect(saidBy(await inState(server.url, listener, 'COMPLETED'))).toBe('Now.');
  });
});

describe('waiting for a child or a message', () => {
  const tellTask = (id: string, agent: string, text: string): Promise<unknown> =>
    call('POST', `${server.url}/agents/test/${agent}/tasks`, { body: { message: { taskId: id, parts: [{ text }] } } });

  it('holds no run, outlives kill -9, and goes on with the first word', async () => {
    const files = await Promise.all([makeNotesFile(), makeNotesFile()]);
    const parent = await begin(server.url, 'waits-for-children', { files });
    const listener = await begin(server.url, 'waits-for-word');
    await untilLogged(parent, 'a task waits');
    await untilLogged(listener, 'a task waits');
    await restart('SIGKILL');
    await tellTask(listener, 'waits-for-word', 'Now.');
    expect(saidBy(await inState(server.url, listener, 'COMPLETED'))).toBe('Now.');
    await tell(files[0] ?? '', 'go');
    await untilLogged(parent, 'a task waits');
    await tell(files[1] ?? '', 'go');
    expect(saidBy(await inState(server.url, parent, 'COMPLETED'))).toBe('Slow. Slow.');
    // Each child was begun once.
    expect(await linesOf(files[0] ?? '')).toEqual(['begun', 'go']);
  });

  it('ends when its time is over, however often it was begun again', async () => {
    const id = await begin(server.url, 'waits-for-word', { timeoutMs: 6_000 });
    await untilLogged(id, 'a task waits');
    expect(saidBy(await inState(server.url, id, 'COMPLETED'))).toBe('Nothing came.');
  });
});

describe('more starts than CONTINUO_MAX_RUNS', () => {
  it('are no matter when the server was stopped in order, however long a step takes', async () => {
    const file = await makeNotesFile();
    const id = await begin(server.url, 'quiet', { steps: 1, file });
    for (let stops = 0; stops < 3; stops += 1) {
      await untilNoted(file, `begins 1 ${server.pid}`);
      await restart('SIGTERM');
    }
    await tell(file, 'end 1');
    expect(saidBy(await inState(server.url, id, 'COMPLETED'))).toBe('Done quietly.');
  });

  it('are no matter when each got further, though the task says nothing', async () => {
    const file = await makeNotesFile();
    const id = await begin(server.url, 'quiet', { steps: 4, file });
    for (let step = 1; step <= 3; step += 1) {
      await untilNoted(file, `begins ${step} ${server.pid}`);
      await tell(file, `end ${step}`);
      await untilNoted(file, `begins ${step + 1} ${server.pid}`);
      await restart('SIGKILL');
    }
    await tell(file, 'end 4');
    expect(saidBy(await inState(server.url, id, 'COMPLETED'))).toBe('Done quietly.');
  });

  it('fail a task that gets no further', async () => {
    const file = await makeNotesFile();
    const id = await begin(server.url, 'quiet', { steps: 2, file });
    await tell(file, 'end 1');
    for (let kills = 0; kills < 3; kills += 1) {
      await untilNoted(file, `begins 2 ${server.pid}`);
      await restart('SIGKILL');
    }
    expect(saidBy(await inState(server.url, id, 'FAILED'))).toContain('was started 2 times');
  });
});
