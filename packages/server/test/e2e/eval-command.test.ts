/** `npm run eval` from the outside: table, JSON, exit codes, and what becomes of it when it is killed. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at } from '../support/http-calls.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { until } from '../support/until.js';
import { soon } from '../support/soon.js';

const command = fileURLToPath(new URL('../../dist/evaluation/eval-command.js', import.meta.url));
const agents = fileURLToPath(new URL('../support/evaluated-agents.mjs', import.meta.url));

const before = fileURLToPath(new URL('../support/evaluated-agents-before.mjs', import.meta.url));

let directory = '';
let env: Readonly<Record<string, string>> = {};
const file = (name: string): string => join(directory, name);

beforeAll(async () => {
  directory = await makeTemporaryDirectory('eval');
  const { url } = await createTestDatabase();
  env = { DATABASE_URL: url, NOTES: file('notes'), GATE: file('gate'), ...soon, CONTINUO_SWEEP_MS: '100' };
  writeFileSync(file('notes'), '');
  const cases = [
    { id: 'france', input: 'France', expected: 'Paris' },
    { id: 'spain', input: 'Spain', expected: 'Madrid' },
  ];
  writeFileSync(file('cases.jsonl'), cases.map((one) => `${JSON.stringify(one)}\n`).join('\n'));
  writeFileSync(
    file('slow.json'),
    JSON.stringify([
      { input: 'France', expected: 'Paris' },
      { input: 'wait', expected: 'no idea' },
    ]),
  );
});

function start(...words: readonly string[]) {
  const child = spawn(process.execPath, [command, '--agents', agents, ...words], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
  return { child, ended };
}

const notes = (): readonly string[] => readFileSync(file('notes'), 'utf8').split('\n').filter(Boolean);

it('prints a table, writes a report, and fails below the least score', async () => {
  const words = ['--agent', 'test/capitals', '--cases', file('cases.jsonl'), '--scorer', 'exact', '--scorer', 'short'];
  const first = await start(...words, '--report', file('before.json'), '--min-score', '0.9').ended;
  expect([first.code, first.stderr]).toEqual([1, '']);
  expect(first.stdout).toContain('test/capitals 1.0.0: 2 cases, score 0.50\n  exact  0.50\n  short  0.50\n');
  expect(first.stdout).toMatch(/^ {2}spain {2}0\.00 +COMPLETED {2}answered "no idea"$/m);
  const compared = ['--against', file('before.json'), '--json', '--min-score', '0.5'];
  const second = await start(...words, ...compared).ended;
  expect([second.code, second.stderr]).toEqual([0, '']);
  expect(at(JSON.parse(second.stdout), 'agents', 0, 'comparison')).toMatchObject({ before: 0.5, after: 0.5, same: 2 });
});

it('compares with another version of the agents, which answers the same cases first', async () => {
  const words = ['--agent', 'test/capitals', '--cases', file('cases.jsonl'), '--run', 'versions'];
  const { code, stdout, stderr } = await start(...words, '--against', before).ended;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('test/capitals 1.0.0: 2 cases, score 0.50\n');
  expect(stdout).toContain('compared with test/capitals 0.9.0: 0.00 → 0.50 (1 better, 0 worse, 1 the same)');
  expect(stdout).toMatch(/^ {2}spain +0\.00 /m);
});

it('killed in between, goes on with what was not answered yet', async () => {
  writeFileSync(file('notes'), '');
  const words = [
    '--agent',
    'test/capitals',
    '--cases',
    file('slow.json'),
    '--run',
    'killed',
    '--json',
    '--concurrency',
    '1',
  ];
  const { child, ended } = start(...words);
  await until(() => Promise.resolve(notes().length === 2), { what: 'the second case to be begun' });
  child.kill('SIGKILL');
  await ended;
  writeFileSync(file('gate'), '');
  const again = await start(...words).ended;
  expect([again.code, again.stderr]).toEqual([0, '']);
  expect(at(JSON.parse(again.stdout), 'agents', 0, 'score')).toBe(1);
  expect(notes().filter((note) => note === 'France')).toHaveLength(1);
});

it('says what is wrong with its command line and its files', async () => {
  const wrong = [
    [['--agent', 'test/capitals'], 'Expected either --cases or --tasks.'],
    [['--cases', 'x.json'], '--agent is missing.'],
    [['--agent', 'a/b', '--tasks', 'colour=red'], '--tasks knows agent, state, q,'],
    [['--agent', 'a/b', '--cases', agents], 'evaluated-agents.mjs, line 1 is no JSON'],
    [['--agent', 'a/b', '--tasks', '', '--min-score', '7'], '--min-score: expected 0 to 1, got 7.'],
  ] as const;
  const ended = await Promise.all(wrong.map(([words]) => start(...words).ended));
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`Nothing was evaluated. ${wrong[index]?.[1]}`);
  }
});
