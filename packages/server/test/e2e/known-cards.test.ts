/** The cards of connected agents as administrators know them: a card that changes is told of, shown field by field, and accepted. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt, type Answer } from '../support/http-calls.js';
import { OddHost } from '../support/odd-remote.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { quick, refusalOf } from '../support/two-instances.js';
import { until } from '../support/until.js';

const SECRET = 'tell-nobody-this-key';
const search = { id: 'search', name: 'Search', description: 'Finds pages', tags: ['web', 'pages'] };
let database: string;
let host: OddHost;
let one: ServerProcess;
let two: ServerProcess;

beforeAll(async () => {
  ({ url: database } = await createTestDatabase());
  const env = {
    ...quick,
    DATABASE_URL: database,
    CONTINUO_DATABASE_POOL: '4',
    CONTINUO_SEALING_KEY: 'a sealing key of these tests that nobody guesses',
  };
  host = await OddHost.start();
  [one, two] = await Promise.all([startServer({ env }), startServer({ env })]);
});

const says = (name: string, card: Readonly<Record<string, unknown>>): string =>
  host.remote(name, { card: { skills: [search], ...card } }).cardUrl;
const connect = async (name: string, card: Readonly<Record<string, unknown>> = {}): Promise<void> => {
  const body = { name, url: says(name, card), headers: { 'x-test': `Bearer ${SECRET}` } };
  const { status, body: answer } = await call('POST', `${one.url}/external-agents`, { body });
  if (status !== 201) throw new Error(JSON.stringify(answer));
};
const changes = async (name: string, server = one): Promise<unknown> =>
  (await call('GET', `${server.url}/external-agents/${name}/card`)).body;
const accept = (name: string, digest: string, server = one): Promise<Answer> =>
  call('POST', `${server.url}/external-agents/${name}/card`, { body: { digest } });
const listed = async ({ url }: ServerProcess, name: string): Promise<unknown> => {
  const { body } = await call('GET', `${url}/external-agents`);
  return (at(body, 'agents') as readonly unknown[]).find((agent) => textAt(agent, 'name') === name);
};
const isHere = (server: ServerProcess, name: string): Promise<unknown> =>
  until(
    async () => (await call('GET', `${server.url}/agents/external/${name}/.well-known/agent-card.json`)).status === 200,
    {
      what: `external/${name} to be known`,
    },
  );

it('a card that has not changed is the known one', async () => {
  await connect('same');
  expect(await changes('same')).toEqual({
    changed: false,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    knownAt: at(await listed(one, 'same'), 'connectedAt'),
    changes: [],
  });
  expect(await listed(one, 'same')).toMatchObject({ cardChanged: false });
});

it('a card that has changed is shown field by field, until an administrator accepts it, on all instances', async () => {
  await connect('moving', { version: '1', description: 'Finds things.' });
  says('moving', {
    version: '2',
    description: undefined,
    skills: [
      { ...search, description: 'Finds pages & <b>pays</b>', tags: ['web', 'money'] },
      { id: 'pay', name: 'Pay', description: 'Pays', tags: [] },
    ],
  });
  const shown = await changes('moving');
  expect(at(shown, 'changes')).toEqual([
    { field: 'version', before: '1', after: '2' },
    { field: 'skills[search].description', before: 'Finds pages', after: 'Finds pages & <b>pays</b>' },
    { field: 'skills[search].tags', before: 'web\npages', after: 'web\nmoney' },
    { field: 'skills[pay].id', after: 'pay' },
    { field: 'skills[pay].name', after: 'Pay' },
    { field: 'skills[pay].description', after: 'Pays' },
    { field: 'description', before: 'Finds things.' },
  ]);
  expect(await listed(one, 'moving')).toMatchObject({ cardChanged: true });
  await isHere(two, 'moving');
  expect(await changes('moving', two)).toEqual(shown);

  expect((await accept('moving', textAt(shown, 'digest'), two)).status).toBe(204);
  for (const server of [one, two]) {
    expect(await listed(server, 'moving')).toMatchObject({ cardChanged: false });
    expect(await changes('moving', server)).toMatchObject({ changed: false, changes: [] });
  }
  const { body } = await call('GET', `${one.url}/audit?action=agent.card-accepted`);
  expect(at(body, 'entries')).toMatchObject([
    { subject: 'external/moving', details: { digest: textAt(shown, 'digest') } },
  ]);
});

it('an interface is told from others of its binding by its version', async () => {
  const url = `${host.remote('spoken').cardUrl}/rpc`;
  const offered = ['1.0', '0.3'].map((protocolVersion) => ({ url, protocolBinding: 'JSONRPC', protocolVersion }));
  await connect('spoken', { supportedInterfaces: offered });
  says('spoken', { supportedInterfaces: [offered[0], { ...offered[1], url: `${url}/old` }] });
  expect(at(await changes('spoken'), 'changes')).toEqual([
    { field: 'supportedInterfaces[JSONRPC 0.3].url', before: url, after: `${url}/old` },
  ]);
});

it('what has changed again since it was looked at is not accepted', async () => {
  await connect('twice');
  says('twice', { version: '2' });
  const digest = textAt(await changes('twice'), 'digest');
  says('twice', { version: '3' });
  expect(refusalOf(await accept('twice', digest))).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field: 'digest' });
  expect(at(await changes('twice'), 'changes')).toMatchObject([{ field: 'version', after: '3' }]);
});

it('a card that cannot be read now is no change, and nothing that could be accepted', async () => {
  await connect('away');
  const digest = textAt(await changes('away'), 'digest');
  host.remote('away').on('card', () => ({ status: 500, body: SECRET }));
  const shown = await changes('away');
  expect(shown).toMatchObject({ changed: false, error: expect.stringContaining('500'), changes: [] });
  expect(refusalOf(await accept('away', digest))).toMatchObject({ http: 400, reason: 'UNSUPPORTED_OPERATION' });
});

it('what is kept of a card is bounded, can be stored, and holds no credentials', async () => {
  const skills = Array.from({ length: 500 }, (_, index) => ({ ...search, id: `s${index}` }));
  const description = '\0'.concat('long '.repeat(1_000));
  await connect('large', { description, skills, documentationUrl: `http://ada:${SECRET}@127.0.0.1/?key=${SECRET}` });
  const [row] = await runOn(database, `SELECT known_fields::text AS kept FROM external_agents WHERE name = 'large'`);
  const kept = textAt(row, 'kept');
  expect(kept).not.toContain(SECRET);
  expect(Object.keys(JSON.parse(kept) as object)).toHaveLength(300);
  expect(kept.length).toBeLessThan(100_000);
  says('large', { description: `${description}otherwise`, skills });
  expect(await changes('large')).toMatchObject({ changed: true });
});

it('an agent that an older version has connected is known by the first card that is read', async () => {
  await connect('old');
  await runOn(
    database,
    `UPDATE external_agents SET known_digest = NULL, known_fields = NULL, known_at = NULL WHERE name = 'old'`,
  );
  const known = await until(async () => at(await changes('old'), 'knownAt'), { what: 'a card to be known' });
  expect(known).toEqual(expect.any(String));
  says('old', { version: '9' });
  expect(at(await changes('old'), 'changes')).toMatchObject([{ field: 'version', after: '9' }]);
});

it('there is no known card of an agent that nobody has connected, or that was disconnected', async () => {
  await connect('gone');
  await call('DELETE', `${one.url}/external-agents/gone`);
  for (const name of ['gone', 'never']) {
    for (const answer of [
      await call('GET', `${one.url}/external-agents/${name}/card`),
      await accept(name, '0'.repeat(64)),
    ])
      expect(refusalOf(answer)).toMatchObject({ http: 404, reason: 'AGENT_NOT_FOUND' });
  }
  const rows = await runOn(database, `SELECT known_digest, known_fields FROM external_agents WHERE name = 'gone'`);
  expect(rows).toEqual([{ known_digest: null, known_fields: null }]);
});
