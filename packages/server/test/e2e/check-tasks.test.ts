/** The check before a deploy: what it says of open tasks is what becomes of them, and it changes nothing. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import type { CheckedTask, TasksCheck, Verdict } from '../../src/index.js';
import { deployedAgents, runCheck, type CheckRun } from '../support/check-command.js';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { makeNotesFile } from '../support/noted-steps.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, saidBy } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/deployed-server.mjs', import.meta.url).pathname;
const quick = {
  CONTINUO_DRAIN_MS: '500',
  CONTINUO_LEASE_MS: '900',
  CONTINUO_HEARTBEAT_MS: '300',
  CONTINUO_SWEEP_MS: '100',
};
let url: string;
let notes: string;

const start = (version: string): Promise<ServerProcess> =>
  startServer({ entry, env: { ...quick, DATABASE_URL: url, NOTES: notes, AGENTS_VERSION: version } });

const check = (version: string, ...words: readonly string[]): Promise<CheckRun> =>
  runCheck({ DATABASE_URL: url, NOTES: notes, AGENTS_VERSION: version }, '--agents', deployedAgents, ...words);

async function report(version: string, ...words: readonly string[]): Promise<TasksCheck> {
  const { stdout, stderr } = await check(version, '--json', ...words);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as TasksCheck;
}

/** What is said of each task that doesn't simply go on, by its id. */
const named = ({ agents }: TasksCheck): ReadonlyMap<string, CheckedTask> =>
  new Map(agents.flatMap(({ tasks }) => tasks).map((task) => [task.taskId, task]));

const stageOf = (task: unknown): string => textAt(task, 'metadata', 'urn:continuo:a2a:progress:v1', 'stage');

async function heldAs(server: string, id: string): Promise<string> {
  const look = async (): Promise<string | false> => {
    const stage = stageOf((await call('GET', `${server}/tasks/${id}`)).body);
    return stage.startsWith('Held: ') && stage.slice('Held: '.length);
  };
  return until(look, { what: `task ${id} to be held` });
}

const finished = (what: string, found: string): string => `Finished: ${what}; the code now runs: ${found}.`;

/** `said`: why it would be held or fail, or what the task says in the end. */
type Row = readonly [agent: string, version: string, verdict: Verdict, said: string];

const rows: readonly Row[] = [
  ['refunds', 'original', 'goes-on', '0: the answer was yes.'],
  ['refunds', 'removed', 'goes-on', '0: the answer was yes.'],
  ['refunds', 'reordered', 'goes-on', '0: the answer was yes.'],
  ['refunds', 'added-behind', 'goes-on', '0: the answer was yes.'],
  ['refunds', 'added-before', 'held', finished('step "check"', 'step "welcome"')],
  ['refunds', 'renamed', 'held', finished('step "reserve"', 'step "hold"')],
  ['refunds', 'reworded', 'held', finished('question "Refund it?"', 'question "May I refund it?"')],
  ['refunds', 'ends-early', 'held', finished('question "Refund it?"', 'the end')],
  ['refunds', 'throws', 'fails', 'A plain bug.'],
  ['named', 'reworded', 'goes-on', 'The answer was yes.'],
  ['side-by-side', 'original', 'goes-on', 'yes'],
  ['side-by-side', 'renamed', 'held', finished('step "second 1"', 'step "right 1"')],
  ['side-by-side', 'branched', 'held', finished('step "second 1"', 'step "left 1" in branch right')],
  ['asks-child', 'original', 'goes-on', 'The answer was yes.'],
  ['asks-child', 'other-input', 'held', finished('call "test/named" with another input', 'call "test/named"')],
  ['asks-child', 'other-child', 'held', finished('call "test/named"', 'call "test/echoes"')],
  ['has-asked-child', 'original', 'goes-on', 'yes'],
  ['has-asked-child', 'other-input', 'held', finished('call "test/echoes" with another input', 'call "test/echoes"')],
  ['patched', 'patched', 'goes-on', 'yes'],
];

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  notes = await makeNotesFile();
});

/** Everything in the database, down to the version of each row. */
async function fingerprint(): Promise<unknown> {
  const tables = await runOn<{ name: string }>(
    url,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'dbos') ORDER BY 1`,
  );
  const rowsOf = tables.map(({ name }) => {
    return `SELECT '${name}' AS name, count(*), md5(string_agg(ctid::text || xmin::text || xmax::text, ',' ORDER BY ctid)) FROM ${name}`;
  });
  return runOn(url, rowsOf.join(' UNION ALL '));
}

it('says of every edit what becomes of its tasks, carries out nothing and writes nothing', async () => {
  const first = await start('original');
  const tasks: (readonly [id: string, ...Row])[] = [];
  for (const row of rows) tasks.push([await begin(first.url, row[0]), ...row]);
  for (const [id] of tasks) await inState(first.url, id, 'INPUT_REQUIRED');
  // Servers may run meanwhile.
  expect(await report('original')).toMatchObject({ ok: true, more: false });
  await first.kill('SIGTERM');
  const before = { rows: await fingerprint(), steps: await readFile(notes, 'utf8') };
  const versions = [...new Set(rows.map((row) => row[1]))];
  for (const version of versions) {
    const found = named(await report(version));
    for (const [id, agent, edit, verdict, said] of tasks) {
      if (edit !== version) continue;
      const { verdict: told = 'goes-on', reason } = found.get(id) ?? {};
      expect({ agent, version, told, reason }).toEqual({
        agent,
        version,
        told: verdict,
        reason: verdict === 'goes-on' ? undefined : said,
      });
    }
  }
  expect({ rows: await fingerprint(), steps: await readFile(notes, 'utf8') }).toEqual(before);
  // What really happens; one server for each version, as nothing but an answer has a task go on.
  for (const version of versions) {
    const server = await start(version);
    const really = async ([id, agent, , verdict]: (typeof tasks)[number]): Promise<string> => {
      const answered = answer(server.url, agent, id, 'yes').catch(() => undefined);
      answers.push(answered);
      if (verdict === 'held') return heldAs(server.url, id);
      return saidBy(await inState(server.url, id, verdict === 'fails' ? 'FAILED' : 'COMPLETED'));
    };
    const answers: Promise<unknown>[] = [];
    const own = tasks.filter((task) => task[2] === version);
    const said = await Promise.all(own.map(really));
    expect({ version, said }).toEqual({ version, said: own.map((task) => task[4]) });
    await server.kill('SIGTERM');
    await Promise.all(answers);
  }
});

it('tells what sleeps, hangs, ends or has no agent, and says by its exit code whether all is well', async () => {
  const { url: other } = await createTestDatabase();
  const env = { DATABASE_URL: other, NOTES: notes };
  const words = ['--agents', deployedAgents];
  const ask = async (version: string, ...more: readonly string[]): Promise<CheckRun> =>
    runCheck({ ...env, AGENTS_VERSION: version }, ...words, ...more);
  expect(await ask('original')).toMatchObject({ code: 0, stdout: 'There are no open tasks.\n' });
  const server = await startServer({ entry, env: { ...quick, ...env } });
  const body = { message: { parts: [{ text: 'go' }] }, startAt: '2099-01-01T00:00:00Z' };
  const later = textAt((await call('POST', `${server.url}/agents/test/named/tasks`, { body })).body, 'id');
  const [sleeps, outside, sides, leaves] = [
    await begin(server.url, 'sleeps'),
    await begin(server.url, 'waits-outside'),
    await begin(server.url, 'side-by-side'),
    await begin(server.url, 'leaves'),
  ];
  for (const id of [outside, sides, leaves]) await inState(server.url, id, 'INPUT_REQUIRED');
  await until(async () => (await runOn(other, `SELECT 1 FROM tasks WHERE wakes_at IS NOT NULL`)).length > 0, {
    what: 'the task to sleep',
  });
  await server.kill('SIGTERM');
  const told = async (version: string): Promise<unknown> => {
    const { code, stdout } = await ask(version, '--json');
    const { agents, ...rest } = JSON.parse(stdout) as TasksCheck;
    const counts = agents.map(({ agent, counts: all }) => [agent, Object.entries(all).filter(([, n]) => n > 0)]);
    const tasks = agents.flatMap((agent) => agent.tasks);
    return { code, ...rest, counts: Object.fromEntries(counts), tasks };
  };
  const fine = {
    'test/leaves': [['goes-on', 1]],
    'test/named': [['not-begun', 1]],
    'test/side-by-side': [['goes-on', 1]],
    'test/sleeps': [['goes-on', 1]],
    'test/waits-outside': [['goes-on', 1]],
  };
  const all = { code: 0, ok: true, checked: 5, more: false, counts: fine, tasks: [] };
  expect(await told('original')).toEqual(all);
  expect(await told('ends-early')).toEqual({ ...all, counts: { ...fine, 'test/sleeps': [['finishes', 1]] } });
  const one = { version: '1.0.0', ranWith: '1.0.0' };
  expect(await told('renamed')).toMatchObject({
    code: 1,
    tasks: [
      { verdict: 'held', taskId: sides },
      { ...one, taskId: sleeps, state: 'WORKING', verdict: 'held' },
    ],
  });
  // Whether it does anything more behind its question, nobody knows before it is answered.
  const reason = expect.stringMatching(/^Finished: step "second 1"; the code waits and has not come by it/);
  expect(await told('one-flow')).toMatchObject({ code: 1, tasks: [{ taskId: sides, verdict: 'unknown', reason }] });
  expect(await told('gone')).toMatchObject({
    code: 1,
    ok: false,
    tasks: [{ taskId: leaves, state: 'INPUT_REQUIRED', verdict: 'no-agent', ranWith: '1.0.0' }],
  });
  const hangs = await ask('hangs');
  expect({ ...hangs, stdout: hangs.stdout.split('\n') }).toEqual({
    code: 1,
    stderr: '',
    stdout: expect.arrayContaining([
      'test/waits-outside: 1 open task',
      "  1 can't be told",
      '    Within 5000 ms its code neither came to anything that is durable nor to an end: it does something else outside of its steps.',
      `      ${outside}  INPUT_REQUIRED, ran with 1.0.0`,
      '5 open tasks: 1 does not simply go on.',
    ]),
  });
  expect(await ask('gone', '--limit', '3', '--json')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"more": true'),
  });
  expect(later < sleeps).toBe(true);
  expect(await ask('gone', '--agent', 'test/sleeps', '--agent', 'test/named')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^2 open tasks: all go on\.$/m),
  });
  // The agents of `npm start` alone.
  const own = await runCheck(env, '--json');
  expect(own.code).toBe(1);
  expect(named(JSON.parse(own.stdout) as TasksCheck).size).toBe(5);
});

it('says what is wrong with the command, the agents or the database, and then nothing of tasks', async () => {
  const here = { DATABASE_URL: url };
  const unreachable = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' };
  const template = new URL(url);
  template.pathname = '/postgres';
  const missing = await makeNotesFile();
  const cases: readonly (readonly [Readonly<Record<string, string>>, readonly string[], RegExp])[] = [
    [here, ['--what'], /Unknown option '--what'[^]*npm run check-tasks/],
    [here, ['--limit', '0'], /--limit takes a number of tasks from 1 on, got "0"/],
    [here, ['--agent', 'refunds'], /--agent takes type\/name, got "refunds"/],
    [here, ['--agents', missing], /--agents .*: neither a directory nor a module that can be loaded/],
    [here, ['--agents', import.meta.filename.replace('.test.ts', '.none.mjs')], /neither a directory nor a module/],
    [unreachable, [], /ECONNREFUSED/],
    [{ DATABASE_URL: template.href }, [], /has no tables of Continuo: is it the right one\?/],
    [{ CONTINUO_DATA_DIR: missing }, [], /There is no database to check: DATABASE_URL is not set/],
    [{ ...here, CONTINUO_LEASE_MS: 'soon' }, [], /CONTINUO_LEASE_MS: found "soon"/],
  ];
  for (const [env, words, said] of cases) {
    const { code, stdout, stderr } = await runCheck(env, ...words);
    expect({ words, code, stdout }).toEqual({ words, code: 2, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/\n {4}at /);
  }
});
