/** The OpenAPI document against the server: what it lists is there, what it names is taken, and how it says requests are refused. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { DocumentedAnswers, type DocumentedOperation } from '../support/documented-answers.js';
import { fileVisits } from '../support/file-visits.js';
import { memoryVisits } from '../support/memory-visits.js';
import { webhookVisits } from '../support/webhook-visits.js';
import { operatorVisits } from '../support/operator-visits.js';
import { traceVisits } from '../support/trace-visits.js';
import { textAt } from '../support/http-calls.js';
import { ask, newWorld, noted, type Answered, type Client, type Question, type World } from '../support/strangers.js';
import { visits as otherVisits } from '../support/visits.js';
import { walkedServer, type WalkedServer } from '../support/walked-server.js';

const visits = { ...otherVisits, ...fileVisits, ...memoryVisits, ...webhookVisits, ...operatorVisits, ...traceVisits };
const source = JSON.stringify(openApiDocument());
const documented = new DocumentedAnswers(JSON.parse(source) as ConstructorParameters<typeof DocumentedAnswers>[0]);

let server: WalkedServer;
let owner: Client;
let world: World;

beforeAll(async () => {
  server = await walkedServer();
  owner = await server.client('ada', 'home', ['read', 'write', 'admin']);
  world = await newWorld(owner);
  await noted(owner, world);
});

afterAll(() => server.close());

/** What is asked, with nothing in it that the document doesn't say. */
async function asked(question: Question): Promise<Answered> {
  const answer = await ask(owner, question);
  expect(documented.flawsOf(question, answer)).toEqual([]);
  return answer;
}

/** The route that an operation is at, as the server's tables write it. */
function routeOf({ method, path }: DocumentedOperation): string {
  return `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1').replaceAll(/:(?=[a-z]+$)(?<!\/:)/g, String.raw`\:`)}`;
}

/** The request of the walk for an operation, without a query. */
function visitOf(operation: DocumentedOperation): Question {
  const route = operation.method === 'HEAD' ? 'GET /files/:id' : routeOf(operation);
  if (operation.operationId === 'listAgentTasks') return { method: 'GET', path: '/agents/test/waiting/tasks' };
  const { path, ...question } = visits[route]?.call(world, 'home') ?? { path: '' };
  return { ...question, method: operation.method, path: path.split('?')[0] ?? '' };
}

it('is an OpenAPI document that a linter recommends as it is', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  const said = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`);
  // The data of a stream's events: OpenAPI 3.1 has no place for it, but that of an extension.
  expect(said.filter((problem) => !problem.endsWith('#/components/schemas/StreamResponse'))).toEqual([]);
});

it('puts each operation under one heading, which says what is there', () => {
  const { tags, paths } = openApiDocument() as {
    readonly tags: readonly { readonly name: string; readonly description: string }[];
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[] }>>>>;
  };
  const used = Object.values(paths).flatMap((methods) => Object.values(methods).map((operation) => operation.tags));
  expect(used.filter((names) => names.length !== 1)).toEqual([]);
  expect(new Set(used.flat())).toEqual(new Set(tags.map(({ name }) => name)));
  expect(tags.slice(0, 4).map(({ name }) => name)).toEqual(['Agents', 'Tasks', 'Sessions', 'Files']);
  expect(paths['/healthz']?.['get']?.tags).toEqual(['Health']);
  expect(paths['/agents/{type}/{name}/tasks']?.['post']?.tags).toEqual(['Tasks']);
});

it("lists all that is there beside A2A's own paths", () => {
  const ofA2A = new Set(server.routes.ofA2A);
  const own = server.routes.own.filter((route) => !ofA2A.has(route) && !route.includes('/.well-known/'));
  const listed = documented.operations.filter(({ method }) => method !== 'HEAD').map(routeOf);
  // A2A has a list of tasks at the same address.
  expect(listed.filter((route) => route !== 'GET /agents/:type/:name/tasks').toSorted()).toEqual(own.toSorted());
});

const withQuery = documented.operations.flatMap((operation) =>
  operation.parameters
    .filter(({ in: where, name }) => where === 'query' && name !== 'pageToken')
    .map((parameter) => ({ operation, parameter, id: operation.operationId, name: parameter.name })),
);

it.each(withQuery)('$id takes $name', async ({ operation, parameter }) => {
  const mine = operation.method === 'GET' ? world : await newWorld(owner);
  const question = visitOf(operation);
  const path = Object.entries(mine).reduce(
    (all, [key, id]) => all.replace(world[key as keyof World], id),
    question.path,
  );
  const value = named[parameter.name] ?? sampleOf(parameter.schema);
  const answer = await asked({ ...question, path: `${path}?${parameter.name}=${encodeURIComponent(value)}` });
  expect([answer.status, answer.text]).not.toEqual([400, expect.stringContaining(`"field":"${parameter.name}"`)]);
});

/** What the schema alone doesn't say. */
const named: Readonly<Record<string, string>> = { owner: 'ada', tenant: 'home', agent: 'test/waiting' };

/** A value that fits a schema. */
function sampleOf(schema: Readonly<Record<string, unknown>>): string {
  const { type, format, minimum, items } = schema;
  const [first] = Array.isArray(schema['enum']) ? (schema['enum'] as readonly unknown[]) : [];
  const given = schema['example'] ?? schema['default'] ?? first;
  if (given !== undefined) return textOf(given);
  if (type === 'array') return sampleOf(items as Readonly<Record<string, unknown>>);
  if (type === 'boolean') return 'true';
  if (type === 'integer' || type === 'number') return textOf(minimum ?? 1);
  if (format === 'date-time') return new Date().toISOString();
  return format === 'date' ? new Date().toISOString().slice(0, 10) : world.sessionId;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const withBody = documented.operations.filter(
  ({ requestBody }) => requestBody?.content['application/json'] !== undefined,
);

describe.each(withBody)('$operationId', (operation) => {
  it.each([
    ['no object', '[]'],
    ['no JSON', '{'],
  ])('refuses %s as documented', async (_what, text) => {
    const { status, reason } = await posted(operation, text, 'application/json');
    expect([status, reason]).toEqual([400, 'INVALID_ARGUMENT']);
  });

  it('refuses what is no JSON by its type, as documented', async () => {
    const { status, reason } = await posted(operation, 'text', 'text/plain');
    expect([status, reason]).toEqual([415, 'CONTENT_TYPE_NOT_SUPPORTED']);
  });
});

const closed = withBody.filter((operation) => !documented.takes(operation, { misspelt: 1 }));

it('takes bodies with any names for the values of a session alone', () => {
  const open = withBody.filter((operation) => !closed.includes(operation));
  expect(open.map(({ operationId }) => operationId)).toEqual(['updateSessionState']);
});

it.each(closed)(
  '$operationId refuses what it has no such field for, by its name, and does nothing',
  async (operation) => {
    const { body } = visitOf(operation);
    const given = { ...(typeof body === 'object' ? body : {}), misspelt: 1 };
    const before = await everything();
    const { status, reason, field } = await posted(operation, JSON.stringify(given), 'application/json');
    expect([status, reason, field]).toEqual([400, 'INVALID_ARGUMENT', 'misspelt']);
    expect(await everything()).toEqual(before);
  },
);

/** What the owner has by its ids, and what can be changed of it. */
async function everything(): Promise<readonly unknown[]> {
  const tell = async (path: string): Promise<string> => (await ask(owner, { method: 'GET', path })).text;
  const idsAt = async (path: string) => (await tell(path)).match(/"id":"[^"]+"/g)?.toSorted();
  const { sessionId, memoryId, webhookId } = world;
  const changed = [
    `/sessions/${sessionId}`,
    `/sessions/${sessionId}/shares`,
    `/memories/${memoryId}`,
    `/webhooks/${webhookId}`,
  ];
  return Promise.all([...['/tasks', '/sessions', '/memories', '/webhooks', '/keys'].map(idsAt), ...changed.map(tell)]);
}

/** Nothing that any member of a body may be. */
const NONSENSE = [[[]]];

const ruledOut = withBody.flatMap((operation) => {
  const members = documented.membersOf(operation).filter((name) => !documented.takes(operation, { [name]: NONSENSE }));
  return members.map((name) => ({ id: operation.operationId, name, operation }));
});

it.each(ruledOut)('$id refuses a $name that the document rules out', async ({ operation, name }) => {
  const { status, reason, field } = await posted(operation, JSON.stringify({ [name]: NONSENSE }), 'application/json');
  expect([status, reason, field]).toEqual([400, 'INVALID_ARGUMENT', expect.stringMatching(/./)]);
});

interface Refusal {
  readonly status: number;
  readonly reason: string | undefined;
  readonly field: string | undefined;
}

async function posted(operation: DocumentedOperation, text: string, type: string): Promise<Refusal> {
  const { method, path, headers: more } = visitOf(operation);
  const headers = { ...more, 'content-type': type };
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...owner.headers, ...headers },
    body: text,
  });
  const answer = { status: response.status, headers: response.headers, text: await response.text() };
  expect(documented.flawsOf({ method, path, headers }, answer)).toEqual([]);
  const error: unknown = JSON.parse(answer.text);
  const reason = textAt(error, 'error', 'details', 0, 'reason');
  return { status: response.status, reason, field: textAt(error, 'error', 'details', 0, 'metadata', 'field') };
}

describe.each([
  { what: 'a file', path: () => `/files/${world.fileId}` },
  { what: 'an artifact', path: () => `/tasks/${world.taskId}/artifacts/note` },
])('$what', ({ path }) => {
  it('comes whole, as a range, not at all, and not from behind its end', async () => {
    const whole = await asked({ method: 'GET', path: path() });
    expect(whole.status).toBe(200);
    const part = await asked({ method: 'GET', path: path(), headers: { range: 'bytes=0-3' } });
    expect([part.status, part.text]).toEqual([206, whole.text.slice(0, 4)]);
    const etag = whole.headers.get('etag') ?? '';
    expect((await asked({ method: 'GET', path: path(), headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await asked({ method: 'GET', path: path(), headers: { range: 'bytes=999-' } })).status).toBe(416);
  });
});

it('tells how far an upload is, and where it went wrong', async () => {
  const path = `/files/${world.uploadId}`;
  const progress = await asked({ method: 'HEAD', path });
  expect([progress.status, progress.headers.get('upload-complete')]).toEqual([204, '?0']);
  const headers = { 'content-type': 'application/partial-upload', 'upload-offset': '3', 'upload-complete': '?1' };
  const wrong = await asked({ method: 'PATCH', path, body: 1, headers });
  expect([wrong.status, wrong.reason]).toEqual([409, 'UPLOAD_MISMATCH']);
  expect((await asked({ method: 'HEAD', path: `/files/${world.fileId}` })).status).toBe(200);
});
