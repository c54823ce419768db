/** `continuo backup` and `continuo restore`: taken while tasks run, restored elsewhere, and everything open goes on there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createEmptyDatabase, createTestDatabase } from '../../../server/test/support/database.js';
import { call } from '../../../server/test/support/http-calls.js';
import { runOn } from '../../../server/test/support/postgres.js';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { answer, begin, inState, quick, startOne } from '../../../server/test/support/two-instances.js';
import { until } from '../../../server/test/support/until.js';
import { answer as replyOf, startReceiver } from '../../../server/test/support/webhook-receiver.js';
import { saidBy } from '../../../server/test/support/answers.js';
import { makeProject, type Project } from '../support/project.js';

const limits = new URL('../../../server/test/support/limits-server.mjs', import.meta.url).pathname;
const notes = 'CREATE TABLE notes (n bigserial, agent text, task text, text text, what text, pid int)';

let project: Project;

beforeAll(async () => {
  project = await makeProject({});
});

/** What the command said as JSON, which it has to. */
async function json(words: readonly string[], DATABASE_URL: string): Promise<unknown> {
  const { code, stdout, stderr } = await project.start([...words, '--json'], { DATABASE_URL }).ended;
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

it('goes on where the backup was taken: tasks that wait and that run, sessions, keys and pending deliveries', async () => {
  const receiver = (await startReceiver()).at('hook');
  receiver.always(replyOf(500));
  const { url: from } = await createTestDatabase();
  const before = await startOne({ DATABASE_URL: from, CONTINUO_WEBHOOK_RETRIES: '3600' });
  const kept = await call('POST', `${before.url}/agents/test/counts/tasks`, {
    body: { message: { contextId: 'talk', parts: [{ text: 'go' }] }, wait: true },
  });
  expect(saidBy(kept.body)).toBe('1 1');
  const hook = { url: receiver.url, kinds: ['statusUpdate'] };
  expect((await call('POST', `${before.url}/webhooks`, { body: hook })).status).toBe(201);
  const asking = await begin(before.url, 'asks');
  await inState(before.url, asking, 'INPUT_REQUIRED');
  const file = join(project.directory, 'notes');
  const working = await begin(before.url, 'steps-slowly', { file });
  await until(() => existsSync(file) && project.read('notes').includes('two'), { what: 'the second step to work' });
  await until(() => receiver.received.length > 0, { what: 'a delivery to be tried in vain' });

  const backup = 'all.backup';
  expect(await json(['backup', backup], from)).toMatchObject({
    file: backup,
    rows: expect.any(Number),
    tables: expect.any(Number),
    notIncluded: [],
  });
  await before.kill('SIGKILL');

  const { url: to } = await createEmptyDatabase();
  expect(await json(['restore', backup], to)).toMatchObject({ file: backup, rows: expect.any(Number) });
  receiver.always(replyOf(200));
  await runOn(to, `UPDATE webhook_deliveries SET next_at = now() WHERE next_at > now()`);
  const tried = receiver.received.length;
  const after = await startOne({ DATABASE_URL: to });
  await answer(after.url, 'asks', asking, 'yes');
  expect(saidBy(await inState(after.url, asking, 'COMPLETED'))).toBe('You said yes.');
  project.write('notes.mended', 'yes');
  expect(saidBy(await inState(after.url, working, 'COMPLETED'))).toBe('Slow, but done.');
  // The step that was finished is not done again; the one that worked is.
  expect(
    project
      .read('notes')
      .split('\n')
      .filter((line) => line === 'one'),
  ).toHaveLength(1);
  const again = await call('POST', `${after.url}/agents/test/counts/tasks`, {
    body: { message: { contextId: 'talk', parts: [{ text: 'go' }] }, wait: true },
  });
  expect(saidBy(again.body)).toBe('2 2');
  const inVain = receiver.received.slice(0, tried).map(({ id }) => id);
  await until(() => receiver.received.slice(tried).some(({ id }) => inVain.includes(id)), {
    what: 'a delivery that was pending in the backup',
  });
});

it('goes on with what waited for its turn', async () => {
  const { url: from } = await createTestDatabase();
  await runOn(from, notes);
  // Long enough that a busy machine doesn't take a server for dead that works.
  const lease = { ...quick, CONTINUO_LEASE_MS: '5000' };
  const start = (DATABASE_URL: string): Promise<ServerProcess> =>
    startServer({ entry: limits, env: { ...lease, DATABASE_URL } });
  const before = await start(from);
  const first = await begin(before.url, 'one', 'wait a');
  const works = `SELECT 1 FROM notes WHERE task = '${first}'`;
  await until(async () => (await runOn(from, works)).length > 0, { what: 'the first task to work' });
  const second = await begin(before.url, 'one', 'second');
  expect(await json(['backup', 'queued.backup'], from)).toMatchObject({ file: 'queued.backup' });
  await before.kill('SIGKILL');
  const { url: to } = await createEmptyDatabase();
  await json(['restore', 'queued.backup'], to);
  await runOn(to, notes);
  const after = await start(to);
  await runOn(to, `INSERT INTO notes (text) VALUES ('gate a')`);
  await inState(after.url, first, 'COMPLETED');
  await inState(after.url, second, 'COMPLETED');
  const worked = await runOn<{ task: string }>(
    to,
    `SELECT task FROM notes WHERE task IN ('${first}', '${second}') ORDER BY n`,
  );
  const turns = worked.map(({ task }) => task).filter((task, at, all) => task !== all[at - 1]);
  // One after the other, whichever comes first.
  expect(new Set(turns)).toEqual(new Set([first, second]));
  expect(turns).toHaveLength(2);
});

it('overwrites neither a file nor a database, and says what to do', async () => {
  const { url } = await createTestDatabase();
  const said = async (...words: readonly string[]): Promise<unknown> => {
    const { code, stderr } = await project.start(words, { DATABASE_URL: url }).ended;
    return { code, stderr };
  };
  const made = await project.start(['backup', 'one.backup'], { DATABASE_URL: url }).ended;
  expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/rows of \d+ tables are in one\.backup/)]);
  expect(await said('backup', 'one.backup')).toEqual({
    code: 2,
    stderr: expect.stringContaining('one.backup is there already'),
  });
  expect(await said('restore', 'one.backup')).toEqual({
    code: 2,
    stderr: expect.stringContaining('The database is not empty'),
  });
  expect(await said('restore', 'none.backup')).toEqual({
    code: 2,
    stderr: expect.stringContaining('There is no none.backup'),
  });
  project.write('odd.backup', 'hello');
  expect(await said('restore', 'odd.backup')).toEqual({
    code: 2,
    stderr: expect.stringContaining('This is no backup that `continuo backup` has written'),
  });
});

it('names what it leaves in S3', async () => {
  const { url } = await createTestDatabase();
  const env = { DATABASE_URL: url, CONTINUO_FILES: 's3://papers' };
  const { stdout } = await project.start(['backup', 's3.backup'], env).ended;
  expect(stdout).toContain('Not in it: the content of files and large artifacts in S3, bucket papers.');
});

it('restores into the PostgreSQL that Continuo brings', async () => {
  const { url } = await createTestDatabase();
  await json(['backup', 'own.backup'], url);
  const restore = ['restore', 'own.backup'];
  const own = { CONTINUO_DATA_DIR: join(project.directory, 'own') };
  const restored = await project.start(restore, own).ended;
  expect([restored.code, restored.stderr]).toEqual([0, '']);
  const again = await project.start(restore, own).ended;
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('The database is not empty')]);
});
