/** The check before a deploy: what it says of open tasks is what becomes of them, and it changes nothing. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import type { CheckedTask, TasksCheck, Verdict } from '../../src/index.js';
import { saidBy } from '../support/answers.js';
import { deployedAgents, runCheck, type CheckRun } from '../support/check-command.js';
import { createTestDatabase } from '../support/database.js';
import { call, textAt } from '../support/http-calls.js';
import { makeNotesFile } from '../support/noted-steps.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { answer, begin, inState, quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/deployed-server.mjs', import.meta.url).pathname;
const settings = { ...quick, CONTINUO_DRAIN_MS: '500' };
let url: string;
let notes: string;

const start = (version: string): Promise<ServerProcess> =>
  startServer({ entry, env: { ...settings, DATABASE_URL: url, NOTES: notes, DEPLOY: version } });

const check = (version: string, ...words: readonly string[]): Promise<CheckRun> =>
  runCheck({ DATABASE_URL: url, NOTES: notes, DEPLOY: version }, '--agents', deployedAgents, ...words);

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
type Row = readonly [agent: string, edit: string, verdict: Verdict, said: string];

const rows: readonly Row[] = [
  ['refunds', 'same', 'goes-on', '0: the answer was yes.'],
  ['refunds', 'removed', 'goes-on', '0: the answer was yes.'],
  ['refunds', 'reordered', 'goes-on', '0: the answer was yes.'],
  ['refunds', 'added-behind', 'goes-on', '0: the answer was yes.'],
  ['refunds', 'added-before', 'held', finished('step "check"', 'step "welcome"')],
  ['refunds', 'renamed', 'held', finished('step "reserve"', 'step "hold"')],
  ['refunds', 'reworded', 'held', finished('question "Refund it?"', 'question "May I refund it?"')],
  ['refunds', 'ends-early', 'held', finished('question "Refund it?"', 'the end')],
  ['refunds', 'throws', 'fails', 'A plain bug.'],
  ['named', 'reworded', 'goes-on', 'The answer was yes.'],
  ['side-by-side', 'same', 'goes-on', 'yes'],
  ['side-by-side', 'renamed', 'held', finished('step "second 1"', 'step "right 1"')],
  ['side-by-side', 'branched', 'held', finished('step "second 1"', 'step "left 1" in branch right')],
  ['asks-child', 'same', 'goes-on', 'The answer was yes.'],
  [
    'asks-child',
    'other-input',
    'held',
    finished('call "test/named-same" with another input', 'call "test/named-same"'),
  ],
  ['asks-child', 'other-child', 'held', finished('call "test/named-same"', 'call "test/echoes-same"')],
  ['has-asked-child', 'same', 'goes-on', 'yes'],
  [
    'has-asked-child',
    'other-input',
    'held',
    finished('call "test/echoes-same" with another input', 'call "test/echoes-same"'),
  ],
  ['changes', 'patched', 'goes-on', 'yes'],
  // Its older version is beside it.
  ['kept', 'renamed', 'goes-on', 'yes'],
];

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  notes = await makeNotesFile();
});

/** Everything in the database, down to the version of each row. */
async function fingerprint(): Promise<unknown> {
  const tables = await runOn<{ name: string }>(
    url,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const rowsOf = tables.map(({ name }) => {
    return `SELECT '${name}' AS name, count(*), md5(string_agg(ctid::text || xmin::text || xmax::text, ',' ORDER BY ctid)) FROM ${name}`;
  });
  return runOn(url, rowsOf.join(' UNION ALL '));
}

it('says of every edit what becomes of its tasks, carries out nothing and writes nothing', async () => {
  const first = await start('original');
  const tasks: (readonly [id: string, agent: string, verdict: Verdict, said: string])[] = [];
  for (const [name, edit, verdict, said] of rows) {
    const agent = `${name}-${edit}`;
    tasks.push([await begin(first.url, agent), agent, verdict, said]);
  }
  for (const [id] of tasks) await inState(first.url, id, 'INPUT_REQUIRED');
  // Servers may run meanwhile.
  expect(await report('original')).toMatchObject({ ok: true, more: false });
  await first.kill('SIGTERM');
  const before = { rows: await fingerprint(), steps: await readFile(notes, 'utf8') };
  const found = named(await report('edited'));
  const told = tasks.map(([id, agent]) => {
    const { verdict = 'goes-on', reason } = found.get(id) ?? {};
    return [agent, verdict, reason];
  });
  expect(told).toEqual(
    tasks.map(([, agent, verdict, said]) => [agent, verdict, verdict === 'goes-on' ? undefined : said]),
  );
  expect({ rows: await fingerprint(), steps: await readFile(notes, 'utf8') }).toEqual(before);
  // What really happens.
  const second = await start('edited');
  const answers = tasks.map(([id, agent]) => answer(second.url, agent, id, 'yes').catch(() => undefined));
  const really = async ([id, agent, verdict]: (typeof tasks)[number]): Promise<readonly string[]> => {
    if (verdict === 'held') return [agent, await heldAs(second.url, id)];
    return [agent, saidBy(await inState(second.url, id, verdict === 'fails' ? 'FAILED' : 'COMPLETED'))];
  };
  expect(await Promise.all(tasks.map(really))).toEqual(tasks.map(([, agent, , said]) => [agent, said]));
  await second.kill('SIGTERM');
  await Promise.all(answers);
});

it('tells what sleeps, hangs, ends or has no agent, and says by its exit code whether all is well', async () => {
  const { url: other } = await createTestDatabase();
  const env = { DATABASE_URL: other, NOTES: notes };
  const words = ['--agents', deployedAgents];
  const ask = (version: string, ...more: readonly string[]): Promise<CheckRun> =>
    runCheck({ ...env, DEPLOY: version }, ...words, ...more);
  expect(await ask('original')).toMatchObject({ code: 0, stdout: 'There are no open tasks.\n' });
  const server = await startServer({ entry, env: { ...settings, ...env } });
  const body = { message: { parts: [{ text: 'go' }] }, startAt: '2099-01-01T00:00:00Z' };
  await call('POST', `${server.url}/agents/test/named-same/tasks`, { body });
  const id: Record<string, string> = {};
  const asking = ['outside-hangs', 'side-by-side-one-flow', 'leaves-gone'];
  const parked = [
    'sleeps-same',
    'sleeps-ends-early',
    'sleeps-renamed',
    'waits-for-message-same',
    'waits-for-message-renamed',
  ];
  for (const agent of [...asking, ...parked]) id[agent] = await begin(server.url, agent);
  for (const agent of asking) await inState(server.url, id[agent] ?? '', 'INPUT_REQUIRED');
  const isParked = `SELECT 1 FROM tasks WHERE state = 'WORKING' AND run_token IS NULL`;
  await until(async () => (await runOn(other, isParked)).length === parked.length, { what: 'the tasks to be parked' });
  await server.kill('SIGTERM');
  const told = async (version: string): Promise<unknown> => {
    const { code, stdout } = await ask(version, '--json');
    const { agents, ...rest } = JSON.parse(stdout) as TasksCheck;
    const all = agents.map(({ agent, counts }) => [
      agent,
      Object.entries(counts)
        .find(([, n]) => n > 0)
        ?.join(),
    ]);
    return { code, ...rest, counts: Object.fromEntries(all), tasks: agents.flatMap((agent) => agent.tasks) };
  };
  const counts = {
    'test/leaves-gone': 'goes-on,1',
    'test/named-same': 'not-begun,1',
    'test/outside-hangs': 'goes-on,1',
    'test/side-by-side-one-flow': 'goes-on,1',
    'test/sleeps-ends-early': 'goes-on,1',
    'test/sleeps-renamed': 'goes-on,1',
    'test/sleeps-same': 'goes-on,1',
    'test/waits-for-message-renamed': 'goes-on,1',
    'test/waits-for-message-same': 'goes-on,1',
  };
  expect(await told('original')).toEqual({ code: 0, ok: true, checked: 9, more: false, counts, tasks: [] });
  const one = { version: '1.0.0', ranWith: '1.0.0' };
  const held = { finished: 'step "begin"', found: 'step "begin again"' };
  const because = 'Finished: step "begin"; the code now runs: step "begin again".';
  const working = { ...one, state: 'WORKING', verdict: 'held', ...held, reason: because };
  const waiting = { state: 'INPUT_REQUIRED' };
  const unknown = { ...one, ...waiting, verdict: 'unknown' };
  expect(await told('edited')).toEqual({
    code: 1,
    ok: false,
    checked: 9,
    more: false,
    counts: {
      ...counts,
      'test/leaves-gone': 'no-agent,1',
      'test/outside-hangs': 'unknown,1',
      'test/side-by-side-one-flow': 'unknown,1',
      'test/sleeps-ends-early': 'finishes,1',
      'test/sleeps-renamed': 'held,1',
      'test/waits-for-message-renamed': 'held,1',
    },
    tasks: [
      { ...waiting, taskId: id['leaves-gone'], verdict: 'no-agent', ranWith: '1.0.0' },
      { ...unknown, taskId: id['outside-hangs'], reason: expect.stringMatching(/^Within 5000 ms its code neither/) },
      // Whether it does anything more behind its question, nobody knows before it is answered.
      {
        ...unknown,
        taskId: id['side-by-side-one-flow'],
        reason: expect.stringMatching(/^Finished: step "second 1"; the code waits and has not come by it/),
      },
      { ...working, taskId: id['sleeps-renamed'] },
      { ...working, taskId: id['waits-for-message-renamed'] },
    ],
  });
  const some = await ask('edited', '--agent', 'test/sleeps-renamed', '--agent', 'test/sleeps-same');
  expect({ ...some, stdout: some.stdout.split('\n') }).toEqual({
    code: 1,
    stderr: '',
    stdout: [
      'test/sleeps-renamed: 1 open task',
      '  1 would be held',
      `    ${because}`,
      `      ${id['sleeps-renamed']}  WORKING, ran with 1.0.0`,
      '',
      'test/sleeps-same: 1 open task',
      '  1 goes on',
      '',
      '2 open tasks: 1 does not simply go on.',
      '',
    ],
  });
  const limited = await ask('edited', '--limit', '1');
  expect(limited).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 open task: all go on. There are more open tasks: the limit is reached.'),
  });
  // Whoever may only read may check.
  const reader = `check_reader_${process.pid}`;
  await runOn(other, `CREATE ROLE ${reader} LOGIN PASSWORD 'reads' IN ROLE pg_read_all_data`);
  const readers = new URL(other);
  [readers.username, readers.password] = [reader, 'reads'];
  const read = await runCheck({ ...env, DATABASE_URL: readers.href }, ...words, '--json');
  await runOn(other, `DROP ROLE ${reader}`);
  expect(read).toMatchObject({ code: 0, stdout: expect.stringContaining('"checked": 9') });
  // The agents of `npm start` alone.
  const own = await runCheck(env, '--json');
  expect(own.code).toBe(1);
  expect(named(JSON.parse(own.stdout) as TasksCheck).size).toBe(9);
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
