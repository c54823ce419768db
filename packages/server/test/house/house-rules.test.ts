/** The house rules say which statement touches the table of another room: tried on small repositories that break them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeTestDirectory } from '../support/test-directory.js';

const rules = fileURLToPath(new URL('../../../../scripts/check-house-rules.mjs', import.meta.url));

/** What the rules say of a repository with these files, a line each. */
async function judge(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const cwd = await makeTestDirectory('house');
  execFileSync('git', ['init', '-q'], { cwd });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  const { stderr } = spawnSync(process.execPath, [rules], { cwd, encoding: 'utf8' });
  return stderr.split('\n').filter((line) => line !== '');
}

const inRoom = (room: string, ...lines: readonly string[]): Readonly<Record<string, string>> => ({
  [`packages/server/src/${room}/sample.ts`]: ['/** A sample. */', ...lines, ''].join('\n'),
});

const foreign: readonly (readonly [string, string, number, readonly string[]])[] = [
  ['reads', 'sessions/: tasks belongs to tasks/', 2, ['const sql = `SELECT id FROM tasks WHERE id = $1`;']],
  [
    'joins',
    'webhooks/: task_events belongs to tasks/',
    3,
    ['const sql = `SELECT 1 FROM webhook_deliveries d', '  JOIN task_events e ON true`;'],
  ],
  [
    'lists',
    'tasks/: sessions belongs to sessions/',
    2,
    ["const sql = 'SELECT 1 FROM tasks t, sessions s WHERE s.id = t.session_id';"],
  ],
  [
    'names on the next line',
    'tasks/: messages belongs to sessions/',
    3,
    ['const sql = `SELECT seq FROM', '  messages`;'],
  ],
  [
    'inserts',
    'a2a/: webhook_endpoints belongs to webhooks/',
    2,
    ["const sql = 'INSERT INTO webhook_endpoints (id) VALUES ($1)';"],
  ],
  ['updates', 'tasks/: instances belongs to runs/', 2, ['const sql = `UPDATE instances SET lost_at = now()`;']],
  [
    'deletes by',
    'webhooks/: artifacts belongs to tasks/',
    2,
    ['const sql = `DELETE FROM webhook_attempts w USING artifacts a WHERE true`;'],
  ],
  ['hands the name on', 'retention/: audit_log belongs to auth/', 2, ["const audit = expireRows('audit_log');"]],
  ['is put together', 'api/: task_events belongs to tasks/', 2, ["const from = 'task_events WHERE task_id = $3';"]],
  [
    'does not name what it writes to',
    'sessions/: name the table that a statement writes to',
    2,
    ['const sql = (table: string) => `DELETE FROM ${table}`;'],
  ],
  [
    'copies into whatever it is given',
    'tasks/: name the table that a statement writes to',
    2,
    ['const sql = (table: string) => `COPY ${table} FROM STDIN`;'],
  ],
];

describe('A statement that touches the table of another room', () => {
  it.each(foreign)('is refused when it %s', async (_how, said, line, lines) => {
    const [room = '', say = ''] = said.split('/: ');
    const broken = await judge(inRoom(room, ...lines));
    expect(broken.filter((one) => one.includes(say))).toEqual([
      expect.stringContaining(`packages/server/src/${room}/sample.ts:${line}: ${say}`),
    ]);
  });

  it('is refused in the files that put the rooms together, too', async () => {
    const file = 'packages/server/src/sample.ts';
    const broken = await judge({ [file]: "/** A sample. */\nconst sql = 'SELECT id FROM api_keys';\n" });
    expect(broken.some((line) => line.startsWith(`${file}:2: api_keys belongs to auth/`))).toBe(true);
  });
});

describe('Nothing is said of', () => {
  it.each([
    [
      'the tables of the room itself',
      'tasks',
      ['const sql = `SELECT 1 FROM tasks t JOIN task_events e ON e.task_id = t.id`;'],
    ],
    ['a fragment of the owner', 'webhooks', ['const sql = `SELECT 1 FROM ${eventAt("$1", "$2")} e`;']],
    [
      'what a comment says',
      'webhooks',
      ['/** What it takes FROM tasks. */', '// It is FROM sessions.', 'const one = 1;'],
    ],
    ['a name of the statement itself', 'webhooks', ['const sql = `WITH moved AS (SELECT 1) SELECT 1 FROM moved`;']],
  ] as const)('%s', async (_what, room, lines) => {
    const broken = await judge(inRoom(room, ...lines));
    expect(broken.filter((line) => line.includes(`/${room}/`))).toEqual([]);
  });
});

it('A table that no room owns is refused', async () => {
  const file = 'packages/server/migrations/0099_sample.sql';
  const broken = await judge({ [file]: '-- A sample.\n\nCREATE TABLE notes (id uuid PRIMARY KEY);\n' });
  expect(broken).toEqual([`${file}:3: say in scripts/sql-rooms.mjs which room owns notes`]);
});

describe('A page of the console', () => {
  const page = (line: string) =>
    judge({ 'packages/console/src/sample.tsx': ['/** A sample. */', line, ''].join('\n') });

  it.each([
    ['<Text size="sm">Nothing here</Text>'],
    ['<Text size="sm">{n} tasks</Text>'],
    ['  Nothing is here yet.'],
    ['<Switch label="Notify me" />'],
    ["<Button aria-label={'Close'} />"],
    ['<Switch description={`Notify me`} />'],
  ])('has no text of its own: %s', async (line) => {
    expect(await page(line)).toEqual([expect.stringContaining('sample.tsx:2: texts stand in')]);
  });

  it.each([
    ['<Text size="sm">{texts.common.loading}</Text>'],
    ['<Kbd size="xs">j</Kbd> · <Kbd size="xs">k</Kbd>'],
    ['const all = useMemo((): Promise<readonly Task[]> => read(), []);'],
    ['<Link to="/tasks" className="quiet-link" aria-label={`${name}: ${texts.common.close}`}>'],
    ['  Loading,'],
  ])('may say %s', async (line) => {
    expect(await page(line)).toEqual([]);
  });

  it.each([['n.toLocaleString()'], ['one.localeCompare(other)'], ["new Intl.NumberFormat('en')"]])(
    'leaves %s to formats.ts',
    async (code) => {
      expect(await page(`const said = ${code};`)).toEqual([expect.stringContaining('sample.tsx:2: numbers, dates')]);
    },
  );
});

it('links of documents lead to files, and to headings in them', async () => {
  const text =
    '# A\n[there](b.md#b-c) [nowhere](b.md#x) [away](https://example.com) [gone](c.md)\n```\n[code](d.md)\n```\n';
  const said = await judge({ 'docs/a.md': text, 'docs/b.md': '# B `c`\n' });
  expect(said).toEqual([
    'docs/a.md:2: the link b.md#x leads to no file',
    'docs/a.md:2: the link c.md leads to no file',
  ]);
});
