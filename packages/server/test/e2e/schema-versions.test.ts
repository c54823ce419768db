/** Two versions of Continuo on one database: what the newer one does to the schema, and what becomes of the older one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import { buildWith } from '../support/migrations-directory.js';
import { afterThisTest } from '../support/outcome.js';
import { runOn } from '../support/postgres.js';
import { startServer } from '../support/server-process.js';
import { answer, begin, inState, quick, startOne } from '../support/two-instances.js';
import { until } from '../support/until.js';
import { untilWritten } from '../support/until-written.js';

const wider = { '0900_wider.sql': '-- breaking: no\nALTER TABLE tasks ADD COLUMN colour text;\n' };
const other = { '0900_other.sql': '-- breaking: yes\nALTER TABLE tasks ADD COLUMN colour text;\n' };

/** On a busy machine a look at the database may take longer than these servers wait for it. */
const answersReady = (url: string, status: number): Promise<unknown> =>
  until(async () => (await fetch(`${url}/readyz`)).status === status, { what: `${url}/readyz to say ${status}` });

async function count(url: string, steps: number, delayMs: number): Promise<string> {
  const message = { parts: [{ data: { steps, delayMs } }] };
  const { body } = await call('POST', `${url}/agents/function/countdown/tasks`, { body: { message } });
  return String(at(body, 'id'));
}

it('an older instance goes on when nothing breaks, also when it starts again', async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const newer = await buildWith(wider);
  const old = await startOne({ DATABASE_URL });
  const running = await count(old.url, 20, 50);
  const asking = await begin(old.url, 'asks');
  await inState(old.url, asking, 'INPUT_REQUIRED');

  const next = await startServer({ entry: newer.entry, env: { ...quick, DATABASE_URL } });
  expect(await runOn(DATABASE_URL, 'SELECT colour FROM tasks LIMIT 1')).toEqual([{ colour: null }]);
  await answersReady(old.url, 200);
  await inState(old.url, running, 'COMPLETED');
  await old.kill('SIGKILL');

  const again = await startOne(old.env);
  await untilWritten(again, '0900_wider.sql');
  await next.kill('SIGTERM');
  await answer(again.url, 'asks', asking, 'word');
  await inState(again.url, asking, 'COMPLETED');
  await inState(again.url, await count(again.url, 2, 1), 'COMPLETED');
});

it('an older instance lets go of its work and ends before something that breaks it', async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const build = await buildWith({});
  const { entry } = build;
  const old = await startServer({ entry, env: { ...quick, DATABASE_URL, CONTINUO_DRAIN_MS: '4000' } });
  await build.update(other);
  const running = await count(old.url, 60, 200);
  await inState(old.url, running, 'WORKING');

  const starting = startServer({ entry, env: { ...quick, DATABASE_URL } });
  // Not for want of an answer by the database, as happens on a busy machine.
  await until(() => old.output().includes('0900_other.sql'), { what: 'the older instance to know of it' });
  await answersReady(old.url, 503);
  const refused = await call('POST', `${old.url}/agents/function/echo/tasks`, {
    body: { message: { parts: [{ text: 'x' }] } },
  });
  expect(refused.status).toBe(503);
  // What is to come has not come while it still runs.
  expect(await runOn(DATABASE_URL, 'SELECT lost_at FROM instances')).toEqual([{ lost_at: null }]);
  expect(await runOn(DATABASE_URL, `SELECT state FROM continuo_migrations WHERE number = 900`)).toEqual([
    { state: 'announced' },
  ]);

  expect(await old.exited).toMatchObject({ code: 1 });
  await expect.poll(() => old.output(), { timeout: 60_000 }).toMatch(/0900_other\.sql.*Start the newer version/);
  const next = await starting;
  await inState(next.url, running, 'COMPLETED');
  const taken = await runOn<{ run_count: number }>(DATABASE_URL, `SELECT run_count FROM tasks WHERE id = '${running}'`);
  expect(taken[0]?.run_count).toBeLessThan(3);
  await expect(startOne({ DATABASE_URL })).rejects.toThrow(/0900_other\.sql and can't work with it/);
});

it('an instance that is paused holds nobody up for longer than its lease, and ends when it goes on', async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const newer = await buildWith(other);
  const old = await startOne({ DATABASE_URL });
  const running = await count(old.url, 20, 100);
  await inState(old.url, running, 'WORKING');
  await old.kill('SIGSTOP');
  const next = await startServer({ entry: newer.entry, env: { ...quick, DATABASE_URL } });
  await old.kill('SIGCONT');
  expect(await old.exited).toMatchObject({ code: 1 });
  await untilWritten(old, '0900_other.sql');
  await inState(next.url, running, 'COMPLETED');
});

it('two that start at once with something new apply it once', async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const newer = await buildWith(other);
  const start = () => startServer({ entry: newer.entry, env: { ...quick, DATABASE_URL } });
  const [one, two] = await Promise.all([start(), start()]);
  await Promise.all([answersReady(one.url, 200), answersReady(two.url, 200)]);
  expect(await runOn(DATABASE_URL, 'SELECT 1 FROM continuo_migrations WHERE number = 900')).toHaveLength(1);
});

it('one that waits for an older instance can be stopped, and the older one may come again', async () => {
  const { url: DATABASE_URL } = await createTestDatabase();
  const { entry } = await buildWith(other);
  // One that is alive and doesn't go.
  const beats = `INSERT INTO instances (id, host, pid, heartbeat_at) VALUES (gen_random_uuid(), 'far', 7, now() + interval '1 hour')`;
  await runOn(DATABASE_URL, beats);
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...quick, DATABASE_URL },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  afterThisTest(async () => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const exit = once(child, 'exit');
  await until(() => /waiting for older instances.*process 7 on far|process 7 on far.*waiting for older/.test(output), {
    what: 'it to wait',
  });
  child.kill('SIGTERM');
  await exit;
  expect(await runOn(DATABASE_URL, 'SELECT 1 FROM continuo_migrations WHERE number = 900')).toEqual([]);
  const old = await startOne({ DATABASE_URL });
  await answersReady(old.url, 200);
});
