/** The commands against a server with keys, and against its database. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { startRemoteA2AAgent } from '../../../server/test/support/remote-a2a-agent.js';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { makeProject, type Project, type Run } from '../support/project.js';

let url: string;
let server: ServerProcess;
let project: Project;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  server = await startServer({
    env: {
      DATABASE_URL: url,
      CONTINUO_AUTH: 'keys',
      CONTINUO_WEBHOOK_ALLOW: '127.0.0.1',
      CONTINUO_SEALING_KEY: 'a sealing key of these tests that nobody guesses',
    },
  });
  project = await makeProject({ DATABASE_URL: url });
  const made = await project.run('keys', 'create', '--owner', 'ada');
  project.write('key', made.stdout);
});

function remote(...words: readonly string[]): Promise<Run> {
  return project.run(...words, '--url', server.url, '--key-file', 'key');
}

async function json(...words: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await remote(...words, '--json');
  return stdout === '' ? stderr : (JSON.parse(stdout) as unknown);
}

it('needs a key, and never prints it', async () => {
  const without = await project.run('tasks', '--url', server.url);
  expect(without.code).toBe(2);
  expect(without.stderr).toContain('--key-file');
  const key = project.read('key').trim();
  const withKey = await remote('agents');
  expect(withKey.stdout).toContain('function/echo');
  expect(withKey.stdout + withKey.stderr).not.toContain(key);
});

it('calls an agent, and finds its task', async () => {
  const called = await remote('call', 'echo', 'Hello');
  expect([called.code, called.stdout]).toEqual([0, 'Hello\n']);
  expect(await json('call', 'echo', 'Again')).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } });
  const listed = await json('tasks', 'list', '--agent', 'function/echo');
  expect(listed).toMatchObject({ tasks: [{ metadata: { agent: 'function/echo' } }, {}] });
  expect(await json('sessions')).toMatchObject({ sessions: expect.any(Array) });
  expect(await json('webhooks')).toEqual({ webhooks: [] });
  expect(await json('agents', 'card', 'echo')).toMatchObject({ name: expect.any(String), skills: expect.any(Array) });
});

it('connects an agent of another server, and disconnects it', async () => {
  const other = await startRemoteA2AAgent();
  const made = await project.run('keys', 'create', '--owner', 'root', '--scopes', 'read,write,admin');
  project.write('admin-key', made.stdout);
  project.write('headers', 'X-Test: Bearer nobody-sees-this\n');
  const asAdmin = (...words: readonly string[]): Promise<Run> =>
    project.run(...words, '--url', server.url, '--key-file', 'admin-key');
  expect((await remote('agents', 'connect', other.cardUrl)).stderr).toContain('admin');
  const none = await asAdmin('agents', 'connect', `${server.url}/healthz`);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("can't be connected")]);
  const connected = await asAdmin('agents', 'connect', other.cardUrl, '--headers-file', 'headers');
  expect(connected.stdout).toBe('Remote is connected as external/remote.\n');
  expect((await remote('call', 'remote', 'Hello')).stdout).toBe('You said Hello.\n');
  expect(other.headers).toContain('Bearer nobody-sees-this');
  expect((await asAdmin('agents', 'disconnect', 'remote')).stderr).toContain('--yes');
  expect((await asAdmin('agents', 'disconnect', 'external/remote', '--yes')).stdout).toContain('is disconnected');
  expect((await remote('agents')).stdout).not.toContain('external/remote');
});

it('shows what a task has done, and what its agent logged', async () => {
  const task = await json('call', 'countdown', '--data', '{"steps":2,"delayMs":1}');
  const { id } = task as { readonly id: string };
  const { code, stdout } = await remote('tasks', 'trace', id);
  expect(code).toBe(0);
  const [head, run, ...nodes] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/^function\/countdown COMPLETED, \d/);
  expect(run).toMatch(/^run 1 COMPLETED, \d.* on /);
  expect(nodes.map((line) => line.replace(/ \d+(?:\.\d)? m?s$/, ''))).toEqual(['  ✓ count 1', '  ✓ count 2']);
  expect(await json('tasks', 'trace', id)).toMatchObject({
    runs: [{ nodes: [{ name: 'count 1' }, { name: 'count 2' }] }],
  });
  expect((await remote('tasks', 'log', id)).stdout).toBe('Nothing was logged.\n');
  expect(await json('tasks', 'log', id)).toEqual({ lines: [], dropped: 0 });
});

it.each([
  [['tsks'], 'tasks'],
  [['tasks', 'lst'], 'list'],
  [['tasks', 'list', '--jsn'], '--json'],
  [['call', 'ehco', 'hi'], 'function/echo'],
])('%j fails, and names what was meant', async (words, meant) => {
  const { code, stderr } = await (words[0] === 'call' ? remote(...words) : project.run(...words));
  expect(code).toBe(2);
  expect(stderr).toContain(`Did you mean ${meant}?`);
});

it('completes commands and options', async () => {
  expect((await project.run('__complete', '--', 'tasks', 'wa')).stdout).toMatch(/^watch\t/);
  for (const shell of ['bash', 'zsh', 'fish']) {
    expect((await project.run('completion', shell)).stdout).toContain('continuo __complete');
  }
});

it('says what is wrong with a database that does not answer, and what to do', async () => {
  const broken = project.start(['doctor', '--json'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  const { code, stdout } = await broken.ended;
  expect(code).toBe(1);
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: readonly object[] };
  expect(ok).toBe(false);
  expect(findings).toContainEqual(
    expect.objectContaining({ about: 'database', health: 'wrong', remedy: expect.stringContaining('DATABASE_URL') }),
  );
  const well = await project.run('doctor');
  expect(well.stdout).toContain('All is well.');
});

it('says whether there is something to migrate', async () => {
  expect(await project.run('migrate', '--check')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('up to date'),
  });
});

it('start --json has the program log JSON', async () => {
  project.write('dist/main.js', 'console.log(process.env.CONTINUO_LOG_FORMAT);\n');
  expect(await project.run('start', '--json')).toMatchObject({ code: 0, stdout: 'json\n' });
  expect(await project.run('start')).toMatchObject({ code: 0, stdout: 'undefined\n' });
});

it('says that a backup cannot be written there, without a stack', async () => {
  const { code, stderr } = await project.run('backup', '/nope/x');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: \/nope\/x can't be written: .*\n$/)]);
});
