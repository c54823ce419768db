/** What an operator learns from the command line of a server that has trouble: who did what, what is wrong, what to do. */
import { createServer } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { call, textAt } from '../../../server/test/support/http-calls.js';
import { newKey } from '../../../server/test/support/keys-command.js';
import { afterThisTest } from '../../../server/test/support/outcome.js';
import { runOn } from '../../../server/test/support/postgres.js';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { quick } from '../../../server/test/support/two-instances.js';
import { until } from '../../../server/test/support/until.js';
import { makeProject, type Project, type Run } from '../support/project.js';

interface Finding {
  readonly about: string;
  readonly health: string;
  readonly found: string;
  readonly remedy?: string;
}

const entry = new URL('../../../server/test/support/changing-server.mjs', import.meta.url).pathname;
const withoutOtlp = new URL('../../../server/test/support/without-otlp.mjs', import.meta.url).href;
let databaseUrl: string;
let server: ServerProcess;
let project: Project;
let headers: Readonly<Record<string, string>>;
let heldId: string;
let canceledId: string;

const post = async (path: string, body: object = {}): Promise<unknown> =>
  (await call('POST', `${server.url}${path}`, { headers, body })).body;

const begin = async (agent: string): Promise<string> =>
  textAt(await post(`/agents/test/${agent}/tasks`, { message: 'go' }), 'id');

const becomes = (id: string, holds: (task: string) => boolean): Promise<unknown> =>
  until(async () => holds(JSON.stringify((await call('GET', `${server.url}/tasks/${id}`, { headers })).body)), {
    what: `task ${id} to get there`,
  });

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  const key = await newKey(databaseUrl, '--owner', 'ada', '--scopes', 'read,write,admin');
  headers = { authorization: `Bearer ${key}` };
  project = await makeProject({ DATABASE_URL: databaseUrl });
  project.write('key', key);
  const env = { ...quick, DATABASE_URL: databaseUrl, CONTINUO_AUTH: 'keys', CONTINUO_WEBHOOK_ALLOW: '127.0.0.1' };
  const start = (version: string): Promise<ServerProcess> =>
    startServer({ entry, env: { ...env, AGENTS_VERSION: version } });
  server = await start('original');
  [heldId, canceledId] = await Promise.all([begin('letters'), begin('refunds')]);
  for (const id of [heldId, canceledId]) await becomes(id, (task) => task.includes('INPUT_REQUIRED'));
  await post(`/tasks/${canceledId}:cancel`);
  await server.kill('SIGTERM');
  server = await start('renamed');
  await post('/agents/test/letters/tasks', { message: { taskId: heldId, parts: [{ text: 'yes' }] } });
  await becomes(heldId, (task) => task.includes('urn:continuo:a2a:held:v1'));
});

const remote = (...words: readonly string[]): Promise<Run> =>
  project.run(...words, '--url', server.url, '--key-file', 'key');

async function json<Answered>(...words: readonly string[]): Promise<Answered> {
  return JSON.parse((await remote(...words, '--json')).stdout) as Answered;
}

async function doctor(env: Readonly<Record<string, string>> = {}, keyFile = 'key'): Promise<readonly Finding[]> {
  const words = ['doctor', '--json', '--url', server.url, ...(keyFile === '' ? [] : ['--key-file', keyFile])];
  const { stdout } = await project.start(words, env).ended;
  return (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;
}

const about = (findings: readonly Finding[], name: string): Finding | undefined =>
  findings.find((finding) => finding.about === name);

describe('continuo audit', () => {
  it('lists who did what, filtered, for people and as JSON', async () => {
    const { stdout } = await remote('audit', '--subject', canceledId);
    expect(stdout).toMatch(new RegExp(`task\\.canceled +ada +${canceledId} +agent test/refunds`));
    expect(await json('audit', 'list', '--action', 'task.answered')).toEqual({
      entries: [expect.objectContaining({ action: 'task.answered', owner: 'ada', subject: heldId })],
    });
    expect((await remote('audit', '--owner', 'nobody')).stdout).toBe('No entries.\n');
    const wrong = await remote('audit', '--action', 'task.eaten');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('expected one of')]);
  });

  it('exports it as lines, into a file or to stdout', async () => {
    const { stdout } = await remote('audit', 'export', '--subject', canceledId);
    expect(JSON.parse(stdout)).toMatchObject({ action: 'task.canceled' });
    const { stderr } = await remote('audit', 'export', '--subject', canceledId, '--output', 'audit.ndjson');
    expect([stderr, project.read('audit.ndjson')]).toEqual(['The audit log is in audit.ndjson.\n', stdout]);
  });
});

describe('continuo doctor, with a server that runs', () => {
  it('tells held tasks, what waits, what failed, who could not sign in, and what to do', async () => {
    const hook = await post('/webhooks', { url: 'https://127.0.0.1:9/hook' });
    await post(`/webhooks/${textAt(hook, 'id')}:pause`);
    await call('GET', `${server.url}/tasks`, { headers: { authorization: 'Bearer ck_000000000000_nobody' } });
    await until(
      async () => (await runOn(databaseUrl, "SELECT 1 FROM audit_log WHERE action = 'sign-in.failed'")).length > 0,
      {
        what: 'the failed sign-in to be recorded',
      },
    );
    const failed = await begin('reads-others');
    await becomes(failed, (task) => task.includes('TASK_STATE_FAILED'));
    const late = textAt(
      await post('/agents/function/echo/tasks', {
        message: 'later',
        startAt: new Date(Date.now() + 3_600_000).toISOString(),
      }),
      'id',
    );
    // As if nobody had had its agent for an hour.
    const waits =
      "created_at = now() - interval '61 minutes', start_at = NULL, state = 'SUBMITTED', agent = 'test/gone'";
    await runOn(databaseUrl, `UPDATE tasks SET ${waits} WHERE id = '${late}'`);

    // What is read from the database is read again after some seconds.
    const findings = await until(
      async () => {
        const found = await doctor();
        return about(found, 'queue')?.health !== 'ok' && found;
      },
      { what: 'the doctor to see the queue' },
    );
    expect(about(findings, 'held tasks')).toMatchObject({
      health: 'wrong',
      found: expect.stringContaining('1 (test/letters 1)'),
      remedy: expect.stringContaining('continuo tasks --held'),
    });
    expect(about(findings, 'queue')).toMatchObject({ health: 'wrong', found: expect.stringContaining('1h') });
    expect(about(findings, 'webhook')).toMatchObject({ health: 'note', found: expect.stringContaining('paused') });
    expect(about(findings, 'failures')).toMatchObject({
      health: 'note',
      found: expect.stringContaining('1 × test/reads-others: '),
    });
    expect(about(findings, 'sign-ins')).toMatchObject({
      health: 'note',
      found: expect.stringMatching(/^1 failed in the last day, most often with .*, from 127\.0\.0\.1$/),
    });
    for (const name of ['server', 'deliveries', 'heartbeat', 'event loop', 'pool']) {
      expect([name, about(findings, name)?.found]).toEqual([name, expect.stringMatching(/./)]);
    }
    const { code, stdout } = await remote('doctor');
    expect(code).toBe(1);
    expect(stdout).toContain('→ `continuo tasks --held` says where.');
  });

  it('tells of a webhook that is paused, however many there are', async () => {
    const add = async (): Promise<string> => textAt(await post('/webhooks', { url: 'https://127.0.0.1:9/hook' }), 'id');
    const first = await add();
    // Together more than a page of the list, whichever end that begins at.
    for (let more = 0; more < 99; more += 1) await add();
    const last = await add();
    for (const id of [first, last]) await post(`/webhooks/${id}:pause`);
    const found = (await doctor()).filter((finding) => finding.about === 'webhook').map((finding) => finding.found);
    expect(found.map((text) => text.split(' ')[0])).toEqual(expect.arrayContaining([first, last]));
  });

  it('refuses an empty address as other commands do', async () => {
    const { stdout } = await project.start(['doctor', '--json', '--url', '']).ended;
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    expect(findings).toContainEqual(
      expect.objectContaining({ about: 'server', health: 'wrong', found: expect.stringContaining('--url') }),
    );
  });

  it('says that it needs a key, and looks at the rest', async () => {
    const findings = await doctor({}, '');
    expect(about(findings, 'metrics')).toMatchObject({ health: 'note', remedy: expect.stringContaining('--key-file') });
    expect(about(findings, 'database')).toMatchObject({ health: 'ok' });
  });
});

describe('continuo doctor, of traces', () => {
  const tracesTo = async (endpoint: string): Promise<Finding | undefined> =>
    about(await doctor({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), 'traces');

  it('says whether a collector takes them', async () => {
    let status = 200;
    const collector = createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    afterThisTest(async () => void collector.close());
    const address = collector.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    expect(await tracesTo(endpoint)).toMatchObject({ health: 'ok' });
    status = 404;
    expect(await tracesTo(endpoint)).toMatchObject({ health: 'wrong', found: expect.stringContaining('404') });
    await new Promise((resolve) => collector.close(resolve));
    expect(await tracesTo(endpoint)).toMatchObject({
      health: 'wrong',
      found: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringContaining('4318'),
    });
  });

  it('says which packages are missing that would send them, and that the server does not start without', async () => {
    const env = {
      NODE_OPTIONS: `--import ${withoutOtlp}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    };
    expect(about(await doctor(env), 'traces')).toMatchObject({
      health: 'wrong',
      found: expect.stringMatching(/@opentelemetry\/sdk-trace-base.* Run `npm install @opentelemetry\/core@2 .*`/),
      remedy: expect.stringContaining('does not start'),
    });
  });
});
