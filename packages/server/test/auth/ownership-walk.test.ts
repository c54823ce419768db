/** Walks every route and method, from the server's own tables: with somebody else's ids, with no credentials, without the scope. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { methodScopes, restScope } from '../../src/a2a/method-scopes.js';
import type { Scope } from '../../src/platform/caller.js';
import { DocumentedAnswers } from '../support/documented-answers.js';
import { call } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import {
  ask as askServer,
  newWorld,
  type Answered,
  type Client,
  type Question,
  type World,
} from '../support/strangers.js';
import { rpcVisits } from '../support/rpc-visits.js';
import { fileVisits } from '../support/file-visits.js';
import { memoryVisits } from '../support/memory-visits.js';
import { webhookVisits } from '../support/webhook-visits.js';
import { operatorVisits } from '../support/operator-visits.js';
import { traceVisits } from '../support/trace-visits.js';
import { visits as otherVisits } from '../support/visits.js';
import { walkedServer, type WalkedServer } from '../support/walked-server.js';

const visits = { ...otherVisits, ...fileVisits, ...memoryVisits, ...webhookVisits, ...operatorVisits, ...traceVisits };

let server: WalkedServer;
let documented: DocumentedAnswers;
let url: string;
/** The owner, another owner of the same tenant, and the same name in another tenant. */
let owner: Client;
let strangers: readonly [Client, Client];
/** What belongs to the owner, and nobody may touch; what belongs to each stranger. */
let world: World;
let own: readonly World[];
/** The owner's, each without the scope that it is named after. */
let without: Readonly<Record<Scope, Client>>;

beforeAll(async () => {
  server = await walkedServer();
  ({ url } = server);
  documented = await DocumentedAnswers.of(url);
  owner = await server.client('ada', 'home', ['read', 'write', 'admin']);
  strangers = [
    await server.client('bob', 'home', ['read', 'write', 'admin']),
    await server.client('ada', 'away', ['read', 'write', 'admin']),
  ];
  without = {
    read: await server.client('ada', 'home', ['write', 'admin']),
    write: await server.client('ada', 'home', ['read', 'admin']),
    admin: await server.client('ada', 'home', ['read', 'write']),
  };
  world = await newWorld(owner);
  own = [await newWorld(strangers[0]), await newWorld(strangers[1])];
});

afterAll(() => server.close());

/** Asks, and holds the answer against the OpenAPI document. */
const ask: typeof askServer = async (client, question, marker) => {
  const answer = await askServer(client, question, marker);
  expect(documented.flawsOf(question, answer)).toEqual([]);
  return answer;
};

it('has a visit for every route and every method, and none for others', () => {
  const { routes } = server;
  expect(Object.keys(visits).toSorted()).toEqual([...new Set([...routes.own, ...routes.ofA2A])].toSorted());
  expect(Object.keys(rpcVisits).toSorted()).toEqual([...methodScopes.keys()].toSorted());
});

const everything = [
  ...Object.entries(visits),
  ...Object.entries(rpcVisits).map(([method, visit]) => [`JSON-RPC ${method}`, visit] as const),
];
const of = (...kinds: readonly string[]) => everything.filter(([, { kind }]) => kinds.includes(kind));

it.each(of('public'))('%s is for everybody', async (_route, visit) => {
  const answer = await ask({ url, tenant: '', headers: {} }, visit.call(world, ''));
  expect(answer.status).toBe(200);
});

it.each(of('own', 'list', 'one'))('%s needs credentials, and a scope', async (route, visit) => {
  const question = visit.call(world, 'home');
  const nobody = await ask({ ...owner, headers: {} }, question);
  expect([nobody.status, nobody.reason]).toEqual([401, 'UNAUTHENTICATED']);
  const unable = await ask(without[visit.scope], question);
  expect([unable.status, unable.reason]).toEqual([403, 'PERMISSION_DENIED']);
  // The bindings of A2A ask for the scope that the operation asks for.
  const ofA2A = route.includes('/agents/:type/:name/') || route.startsWith('JSON-RPC');
  const scope = methodScopes.get(route.replace('JSON-RPC ', '')) ?? restScope(question);
  expect([route, ofA2A ? scope : visit.scope]).toEqual([route, visit.scope]);
});

it.each(of('list', 'one'))('%s works for the owner', async (_route, visit) => {
  const mine = await newWorld(owner);
  await visit.before?.(owner, mine);
  const question = visit.call(mine, 'home');
  const answer = await ask(owner, question, visit.kind === 'list' ? mine.taskId : '');
  expect(answer).toMatchObject({ ok: true });
  expect(visit.kind === 'one' || shows(answer, question, mine)).toBe(true);
});

describe.each([
  { index: 0, who: 'another owner of the tenant' },
  { index: 1, who: 'the same name in another tenant' },
] as const)('$who', ({ index }) => {
  const stranger = () => strangers[index];
  // Keys are the tenant's: its other admins are no strangers to them.
  const strange = (kind: string) => of(kind).filter(([, { scope }]) => index === 1 || scope !== 'admin');

  it.each(strange('list'))('is shown nothing by %s', async (_route, visit) => {
    const question = visit.call(world, stranger().tenant);
    const answer = await ask(stranger(), question, own[index]?.taskId);
    expect([answer.ok, shows(answer, question, world)]).toEqual([true, false]);
  });

  it.each(strange('one'))('finds nothing by %s', async (_route, visit) => {
    const question = visit.call(world, stranger().tenant);
    const answer = await ask(stranger(), question);
    expect([answer.missing, shows(answer, question, world)]).toEqual([true, false]);
    // No share, no owner's name: it opens nothing.
    const named = { ...question, path: `${question.path}${question.path.includes('?') ? '&' : '?'}owner=ada` };
    const inItsName = await ask(stranger(), named);
    expect([inItsName.missing, shows(inItsName, question, world)]).toEqual([true, false]);
    // What is somebody else's and what isn't there answer alike.
    const nothing = await ask(stranger(), visit.call(nowhere, stranger().tenant));
    expect(blank(answer, world)).toEqual(blank(nothing, nowhere));
  });
});

it.each(everything.filter(([, { namesTenant }]) => namesTenant))(
  '%s finds nothing in the name of another tenant',
  async (_route, visit) => {
    for (const tenant of ['away', 'nowhere']) {
      const answer = await ask(owner, visit.call(world, tenant));
      expect([tenant, answer.missing]).toEqual([tenant, true]);
    }
  },
);

it('what all of a tenant spend on language models is for its admins alone', async () => {
  const spent = (owned: string, tenant: string): string =>
    `('${randomUUID()}', '${randomUUID()}', '${randomUUID()}', '${tenant}', '${owned}', 'a/b', 'c/d', now(), 1, 1, 2, 0, 0, 0)`;
  await runOn(
    server.databaseUrl,
    `INSERT INTO model_calls (task_id, id, root_id, tenant, owner, agent, model, at, input_tokens, output_tokens,
       total_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens)
     VALUES ${spent('ada', 'home')}, ${spent('bob', 'home')}, ${spent('ada', 'away')}`,
  );
  const owners = async (client: Client, query: string): Promise<unknown> => {
    const { status, text } = await ask(client, { method: 'GET', path: `/usage?by=owner${query}` });
    if (status !== 200) return status;
    return (JSON.parse(text) as { groups: { owner: string }[] }).groups.map((group) => group.owner);
  };
  expect(await owners(owner, '')).toEqual(['ada']);
  expect(await owners(owner, '&all=true')).toEqual(['ada', 'bob']);
  expect(await owners(owner, '&all=true&owner=bob')).toEqual(['bob']);
  expect(await owners(without.admin, '&all=true')).toBe(403);
  expect(await owners(without.admin, '&owner=bob')).toBe(400);
});

it('has left all that belongs to the owner as it was', async () => {
  const { headers } = owner;
  const read = async (path: string) => (await call('GET', `${url}${path}`, { headers })).body;
  expect(await read(`/tasks/${world.taskId}`)).toMatchObject({ status: { state: 'TASK_STATE_WORKING' } });
  expect(await read(`/sessions/${world.sessionId}`)).toMatchObject({ title: 'a secret of the owner' });
  const { memories } = (await read('/memories/export')) as { readonly memories: readonly { readonly id: string }[] };
  expect(memories.find(({ id }) => id === world.memoryId)).toMatchObject({
    text: `The secret of the owner is ${world.sessionId}.`,
  });
  expect(await read(`/webhooks/${world.webhookId}`)).toMatchObject({ state: 'active' });
  const { body } = await call('GET', `${url}/agents/test/waiting/tasks/${world.taskId}/pushNotificationConfigs`, {
    headers: { ...headers, 'a2a-version': '1.0' },
  });
  expect(body).toMatchObject({ configs: [{ id: 'watch' }] });
});

const nothingThere = '0190d1f0-7a30-7000-8000-000000000000';
const nowhere: World = {
  taskId: nothingThere,
  sessionId: nothingThere,
  fileId: nothingThere,
  uploadId: nothingThere,
  keyId: nothingThere,
  memoryId: nothingThere,
  webhookId: nothingThere,
  deliveryId: nothingThere,
};

/** Whether an answer has any of the ids that the question did not. */
function shows({ text }: Answered, question: Question, ids: World): boolean {
  const asked = JSON.stringify(question);
  return Object.values(ids).some((id: string) => text.includes(id) && !asked.includes(id));
}

/** The answer without the ids that were asked for. */
function blank({ status, text }: Answered, ids: World): unknown {
  return { status, text: Object.values(ids).reduce((all: string, id: string) => all.replaceAll(id, '…'), text) };
}
