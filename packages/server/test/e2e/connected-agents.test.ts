/** Remote agents that an administrator connects while servers run: taken up by every instance, kept over restarts, given up again. */
import { createServer } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { forThisFile } from '../support/outcome.js';
import { runCheck } from '../support/check-command.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt, type Answer } from '../support/http-calls.js';
import { newKey } from '../support/keys-command.js';
import { OddHost } from '../support/odd-remote.js';
import { onLoopback } from '../support/on-loopback.js';
import { runOn } from '../support/postgres.js';
import { startRemoteA2AAgent, type RemoteA2AAgent } from '../support/remote-a2a-agent.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { inState, quick, refusalOf } from '../support/two-instances.js';
import { until } from '../support/until.js';

const SECRET = 'tell-nobody-this-key';
const headers = { 'x-test': `Bearer ${SECRET}` };
let database: string;
let env: Readonly<Record<string, string>>;
let one: ServerProcess;
let two: ServerProcess;
let remote: RemoteA2AAgent;

beforeAll(async () => {
  ({ url: database } = await createTestDatabase());
  remote = await startRemoteA2AAgent();
  env = {
    ...quick,
    DATABASE_URL: database,
    CONTINUO_DATABASE_POOL: '4',
    CONTINUO_LOG_LEVEL: 'trace',
    CONTINUO_SEALING_KEY: 'a sealing key of these tests that nobody guesses',
    CONTINUO_EXTERNAL_AGENTS: `fixed=${remote.cardUrl}`,
  };
  [one, two] = await Promise.all([startServer({ env }), startServer({ env })]);
});

const post = (server: ServerProcess, body: unknown, more = {}): Promise<Answer> =>
  call('POST', `${server.url}/external-agents`, { body, headers: more });
const connect = async (server: ServerProcess, name: string, url = remote.cardUrl): Promise<void> => {
  const { status, body } = await post(server, { name, url, headers });
  if (status !== 201) throw new Error(JSON.stringify(body));
};
const disconnect = (server: ServerProcess, name: string): Promise<Answer> =>
  call('DELETE', `${server.url}/external-agents/${name}`);
const check = (server: ServerProcess, body: unknown): Promise<Answer> =>
  call('POST', `${server.url}/external-agents/check`, { body });
const ask = (server: ServerProcess, name: string, text: string, more = {}): Promise<Answer> =>
  call('POST', `${server.url}/agents/external/${name}/tasks`, {
    body: { message: { parts: [{ text }] }, wait: true, ...more },
  });
const begin = async (server: ServerProcess, name: string, text: string): Promise<string> =>
  textAt((await ask(server, name, text, { wait: false })).body, 'id');
const known = async ({ url }: ServerProcess): Promise<readonly string[]> => {
  const { body } = await call('GET', `${url}/agents`);
  return (at(body, 'agents') as readonly unknown[]).map((agent) => textAt(agent, 'name'));
};
const isKnown = (server: ServerProcess, name: string, is = true): Promise<unknown> =>
  until(async () => (await known(server)).includes(name) === is, { what: `external/${name} to be known: ${is}` });
const heldTask = ({ url }: ServerProcess, id: string): Promise<unknown> =>
  until(
    async () => {
      const { body } = await call('GET', `${url}/tasks?held=true`);
      return (at(body, 'tasks') as readonly unknown[]).find((task) => textAt(task, 'id') === id);
    },
    { what: 'the task to be held' },
  );

describe('a connected agent', () => {
  it('is called at once, by every instance within seconds, and again after they were killed', async () => {
    await connect(one, 'kept');
    expect(saidBy((await ask(one, 'kept', 'hello')).body)).toBe('You said hello.');
    await isKnown(two, 'kept');
    expect(saidBy((await ask(two, 'kept', 'hello')).body)).toBe('You said hello.');
    expect(remote.headers).toContain(`Bearer ${SECRET}`);
    await Promise.all([one.kill('SIGKILL'), two.kill('SIGKILL')]);
    [one, two] = await forThisFile(() => Promise.all([startServer({ env }), startServer({ env })]));
    expect(await known(one)).toContain('kept');
    expect(saidBy((await ask(two, 'kept', 'again')).body)).toBe('You said again.');
  });

  it('is chosen by the orchestrator like any other', async () => {
    const { body } = await call('POST', `${one.url}/agents/orchestrator/default/tasks`, {
      body: { message: '@external/kept hello there', wait: true },
    });
    expect(saidBy(body)).toMatch(/^You said .*hello there/);
  });

  it('says on its card here what its own says', async () => {
    await connect(one, 'carded');
    const card = await until(
      async () => {
        const { body } = await call('GET', `${one.url}/agents/external/carded/.well-known/agent-card.json`);
        return textAt(body, 'description') === 'An agent elsewhere' && body;
      },
      { what: 'the card to be read' },
    );
    expect(at(card, 'skills', 0, 'id')).toBe('obey');
  });

  it('is listed beside those of the environment, without what is secret', async () => {
    const { body } = await call('GET', `${one.url}/external-agents`);
    expect(at(body, 'agents')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'fixed', agent: 'external/fixed', source: 'environment', headers: [] }),
        expect.objectContaining({ name: 'kept', url: remote.cardUrl, source: 'connected', headers: ['x-test'] }),
      ]),
    );
  });

  it('keeps its credentials from answers, logs, the audit log and the database', async () => {
    const betrayed = await startRemoteA2AAgent();
    await connect(one, 'betrayed', betrayed.cardUrl);
    betrayed.betray();
    const failed = await ask(one, 'betrayed', 'hello');
    const id = textAt(failed.body, 'id');
    const trace = await call('GET', `${one.url}/tasks/${id}/trace`);
    const audit = await call('GET', `${one.url}/audit`);
    const list = await call('GET', `${one.url}/external-agents`);
    const stored = await runOn(database, 'SELECT row_to_json(e) AS row FROM external_agents e');
    for (const shown of [failed.body, trace.body, audit.body, list.body, stored, one.output(), two.output()]) {
      expect(JSON.stringify(shown)).not.toContain(SECRET);
    }
    expect(at(audit.body, 'entries', 0)).toMatchObject({ action: 'agent.connected', subject: 'external/betrayed' });
  });

  it('is there for a check before a deploy, which sends it nothing', async () => {
    await connect(one, 'checked');
    const id = await begin(one, 'checked', 'ask');
    await inState(one.url, id, 'INPUT_REQUIRED');
    const before = remote.messages.length;
    const { stdout } = await runCheck(env, '--agent', 'external/checked', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      agents: [{ agent: 'external/checked', counts: { 'goes-on': 1 } }],
    });
    expect(remote.messages).toHaveLength(before);
  });

  it('is made once by a request that comes twice, by one of two at once, and not under a name that is taken', async () => {
    const body = { name: 'once', url: remote.cardUrl };
    const key = { 'idempotency-key': 'connect-once' };
    const [first, again] = [await post(one, body, key), await post(two, body, key)];
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    const both = await Promise.all([one, two].map((server) => post(server, { ...body, name: 'raced' })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    for (const name of ['once', 'fixed']) {
      expect(refusalOf(await post(two, { ...body, name }))).toMatchObject({ http: 409, reason: 'AGENT_EXISTS' });
    }
  });
});

describe('a disconnected agent', () => {
  it('takes no new calls, on no instance; its name is free again', async () => {
    await connect(one, 'gone');
    await isKnown(two, 'gone');
    expect((await disconnect(two, 'gone')).status).toBe(204);
    expect(refusalOf(await disconnect(two, 'gone'))).toMatchObject({ http: 404, reason: 'AGENT_NOT_FOUND' });
    expect(refusalOf(await ask(two, 'gone', 'hello'))).toMatchObject({ http: 404, reason: 'AGENT_NOT_FOUND' });
    await isKnown(one, 'gone', false);
    expect((await ask(one, 'gone', 'hello')).status).toBe(404);
    await connect(one, 'gone');
    expect(saidBy((await ask(one, 'gone', 'hello')).body)).toBe('You said hello.');
  });

  it('leaves its tasks held with the reason, and they go on when it is connected again', async () => {
    await connect(one, 'back');
    await isKnown(two, 'back');
    const working = await begin(two, 'back', 'chunks');
    const asking = await begin(one, 'back', 'ask');
    await inState(one.url, asking, 'INPUT_REQUIRED');
    await until(async () => at((await call('GET', `${one.url}/tasks/${working}`)).body, 'artifacts', 0), {
      what: 'the first chunk',
    });
    await disconnect(one, 'back');
    const held = await heldTask(two, working);
    expect(at(held, 'status', 'state')).toBe('TASK_STATE_WORKING');
    expect(JSON.stringify(at(held, 'metadata'))).toContain('external/back was disconnected');
    const before = remote.messages.length;
    await call('POST', `${two.url}/agents/external/back/tasks`, {
      body: { message: { taskId: asking, parts: [{ text: 'blue' }] } },
    });
    await heldTask(one, asking);
    expect(remote.messages).toHaveLength(before);
    await connect(two, 'back');
    remote.release();
    expect(saidBy(await inState(one.url, asking, 'COMPLETED'))).toBe('You chose blue.');
    expect(saidBy(await inState(one.url, working, 'COMPLETED'))).toBe('one two three');
  });

  it('of the environment is taken out there', async () => {
    expect(refusalOf(await disconnect(one, 'fixed'))).toMatchObject({ http: 400, reason: 'UNSUPPORTED_OPERATION' });
  });
});

describe('a check', () => {
  it('says what there is, also below an address without the path of the card', async () => {
    const { body } = await check(one, { url: new URL('/', remote.cardUrl).href });
    expect(body).toMatchObject({
      reachable: true,
      usable: true,
      card: remote.cardUrl,
      name: 'Remote',
      version: '2.3.4',
      interfaces: [{ binding: 'JSONRPC', version: '1.0', usable: true }],
      streaming: true,
      skills: ['Obeying'],
      signature: { state: 'unsigned', required: false },
      flaws: [],
    });
    expect(await known(one)).not.toContain('remote');
  });

  it('names the fields that are wrong, and what is no agent', async () => {
    const host = await OddHost.start();
    const odd = host.remote('odd', { card: { description: undefined, supportedInterfaces: [{ url: 'x' }] } });
    const { body } = await check(one, { url: odd.cardUrl });
    expect(body).toMatchObject({ reachable: true, usable: false });
    const fields = (at(body, 'flaws') as readonly unknown[]).map((flaw) => textAt(flaw, 'field'));
    expect(fields).toEqual(expect.arrayContaining(['description', 'supportedInterfaces[0].protocolBinding']));
    const none = await check(one, { url: `${one.url}/healthz` });
    expect(none.body).toMatchObject({ reachable: false, usable: false, error: expect.any(String) });
    expect(refusalOf(await post(one, { name: 'odd', url: odd.cardUrl }))).toMatchObject({ http: 400, field: 'url' });
  });

  it('knows A2A 0.3', async () => {
    const old = await startRemoteA2AAgent({ version: '0.3', transport: 'HTTP+JSON' });
    const { body } = await check(one, { url: old.cardUrl });
    expect(body).toMatchObject({ usable: true, interfaces: [{ binding: 'HTTP+JSON', version: '0.3.0' }], flaws: [] });
  });
});

it.each([
  ['name', { name: 'Not A Name', url: 'http://127.0.0.1:1/card.json' }],
  ['url', { name: 'x', url: 'ftp://127.0.0.1/card.json' }],
  ['url', { name: 'x', url: 'http://user:word@127.0.0.1:1/card.json' }],
  ['url', { name: 'x' }],
  ['headers.x-test', { name: 'x', url: 'http://127.0.0.1:1/c.json', headers: { 'x-test': 'a\r\nb: c' } }],
  ['headers.x-test', { name: 'x', url: 'http://127.0.0.1:1/c.json', headers: { 'x-test': 'Bearer env:HOME' } }],
  ['patienceMs', { name: 'x', url: 'http://127.0.0.1:1/c.json', patienceMs: 0 }],
  ['secret', { name: 'x', url: 'http://127.0.0.1:1/c.json', secret: 'x' }],
])('a wrong %s is named', async (field, body) => {
  expect(refusalOf(await post(one, body))).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field });
});

describe('with authentication', () => {
  let guarded: ServerProcess;
  let asAdmin: Readonly<Record<string, string>>;
  const as = async (...options: readonly string[]) => ({
    authorization: `Bearer ${await newKey(textAt(guarded.env, 'DATABASE_URL'), '--owner', 'ada', ...options)}`,
  });

  beforeAll(async () => {
    const { url } = await createTestDatabase();
    guarded = await startServer({
      env: { ...quick, DATABASE_URL: url, CONTINUO_AUTH: 'keys', CONTINUO_WEBHOOK_ALLOW: '127.0.0.1' },
    });
    asAdmin = await as('--scopes', 'read,write,admin');
  });

  it('agents are connected by administrators of the tenant that runs the server alone', async () => {
    const body = { name: 'x', url: remote.cardUrl };
    const others = [await as('--scopes', 'read,write'), await as('--scopes', 'admin', '--tenant', 'acme')];
    for (const other of others) {
      const answers = [
        await post(guarded, body, other),
        await call('GET', `${guarded.url}/external-agents`, { headers: other }),
        await call('DELETE', `${guarded.url}/external-agents/x`, { headers: other }),
        await call('POST', `${guarded.url}/external-agents/check`, { body: { url: remote.cardUrl }, headers: other }),
      ];
      for (const answer of answers) expect(refusalOf(answer)).toMatchObject({ http: 403, reason: 'PERMISSION_DENIED' });
    }
    expect((await post(guarded, body, asAdmin)).status).toBe(201);
  });

  it('credentials are refused where there is nothing to seal them with', async () => {
    const answer = await post(guarded, { name: 'sealed', url: remote.cardUrl, headers }, asAdmin);
    expect(refusalOf(answer)).toMatchObject({ http: 400, reason: 'UNSUPPORTED_OPERATION' });
    expect(textAt(answer.body, 'error', 'message')).toContain('CONTINUO_SEALING_KEY');
  });

  it('no redirect leads to an address that is not called', async () => {
    const leading = createServer((_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/card.json' }).end();
    });
    const url = `${await onLoopback(leading)}/card.json`;
    const { body } = await call('POST', `${guarded.url}/external-agents/check`, { body: { url }, headers: asAdmin });
    expect(body).toMatchObject({ reachable: false, error: expect.stringContaining('CONTINUO_WEBHOOK_ALLOW') });
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/card.json',
    'https://10.0.0.1/card.json',
    'https://[::1]/card.json',
    'https://[fd00::1]/',
    'https://0x7f000002/card.json',
    'https://localhost:1/card.json',
    'http://8.8.8.8/card.json',
    'file:///etc/passwd',
  ])('%s is not called', async (url) => {
    const answer = await call('POST', `${guarded.url}/external-agents/check`, { body: { url }, headers: asAdmin });
    const refused = at(answer.body, 'reachable') === false || answer.status === 400;
    expect([refused, JSON.stringify(answer.body)]).toEqual([
      true,
      expect.stringMatching(/not a public address|CONTINUO_WEBHOOK_ALLOW|https/),
    ]);
  });
});
