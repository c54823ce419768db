/** Memories as their owner sees them over the API, and as agents use them with `task.memory`. */
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { MemoriesService } from '../../src/memories/memories.service.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { saidBy } from '../support/answers.js';
import { at, call, textAt, type Answer } from '../support/http-calls.js';
import { afterThisTest } from '../support/outcome.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';

type Operation =
  | { readonly search: string; readonly limit?: number }
  | { readonly add: string; readonly kind?: 'fact' | 'preference' }
  | { readonly forget: string };

/** Does with its memory what it is told, and says what came of it. */
class Keeping extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const { operations, ask: asks } = task.data as {
      readonly operations: readonly Operation[];
      readonly ask?: boolean;
    };
    const results = await Promise.all(operations.map((operation) => carryOut(task, operation)));
    if (asks === true) await task.requestInput('Go on?');
    return JSON.stringify(results);
  }
}

async function carryOut(task: TaskContext, operation: Operation): Promise<unknown> {
  if ('search' in operation) {
    const { limit } = operation;
    const found = await task.memory.search(operation.search, limit === undefined ? {} : { limit });
    return found.map(({ text }) => text);
  }
  if ('add' in operation) return (await task.memory.add(operation.add, operation)).id;
  return task.memory.forget(operation.forget);
}

@A2AAgent({ type: 'test', name: 'keeping', description: 'Keeps.' })
class KeepingAgent extends Keeping {}

@A2AAgent({ type: 'shop', name: 'clerk', description: 'Is written memories for.' })
class Clerk extends Keeping {}

@A2AAgent({ type: 'shop', name: 'once', description: 'The same.' })
class Once extends Keeping {}

@A2AAgent({ type: 'shop', name: 'old', description: 'The same.' })
class Old extends Keeping {}

@A2AAgent({ type: 'test', name: 'other', description: 'Keeps, too.' })
class OtherAgent extends Keeping {}

let databaseUrl: string;
let server: RunningServer;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  const env = {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_RETENTION_MS: '50',
    CONTINUO_KEEP_MEMORIES_DAYS: '30',
  };
  server = await startServer({ agents: [KeepingAgent, OtherAgent, Clerk, Once, Old], env });
  afterThisTest(() => server.stop());
});

const ask = (method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  call(method, `${server.url}${path}`, body === undefined ? { headers } : { body, headers });

/** What came of the operations, one after the other, and the session that they were done in. */
async function done(
  operations: readonly Operation[],
  { agent = 'test/keeping', sessionId, metadata }: { agent?: string; sessionId?: string; metadata?: unknown } = {},
) {
  const message = { parts: [{ data: { operations } }] };
  const { body } = await ask('POST', `/agents/${agent}/tasks`, { message, wait: true, sessionId, metadata });
  return { results: JSON.parse(saidBy(body)) as readonly unknown[], sessionId: textAt(body, 'contextId') };
}

async function texts(query: string): Promise<readonly unknown[]> {
  const { body } = await ask('GET', `/memories${query}`);
  return (at(body, 'memories') as readonly { readonly text: string }[]).map(({ text }) => text);
}

describe('/memories', () => {
  it('keeps what their owner writes down, once for the same words, lists it newest first in pages, and exports it', async () => {
    const write = (text: string, more = {}) => ask('POST', '/memories', { agent: 'shop/clerk', text, ...more });
    const first = await write('  Wears size 43.\n');
    expect([first.status, first.body]).toEqual([
      201,
      {
        id: expect.any(String) as string,
        agent: 'shop/clerk',
        kind: 'fact',
        text: 'Wears size 43.',
        createdAt: expect.any(String) as string,
        updatedAt: expect.any(String) as string,
      },
    ]);
    await write('Prefers to be called Ada.', { kind: 'preference' });
    await write('Lives in Lisbon.');
    expect(at((await write('Wears size 43.')).body, 'id')).toBe(textAt(first.body, 'id'));
    const all = ['Wears size 43.', 'Lives in Lisbon.', 'Prefers to be called Ada.'];
    expect(await texts('?agent=shop/clerk')).toEqual(all);
    const { body: page } = await ask('GET', '/memories?agent=shop/clerk&pageSize=2');
    const token = textAt(page, 'nextPageToken');
    expect(await texts(`?agent=shop/clerk&pageSize=2&pageToken=${token}`)).toEqual(all.slice(2));
    expect(await texts('?q=size%20wea')).toEqual(all.slice(0, 1));
    expect(await texts('?agent=shop/other')).toEqual([]);
    const exported = await ask('GET', '/memories/export?agent=shop/clerk');
    expect(at(exported.body, 'memories')).toHaveLength(3);
    expect(exported.headers.get('content-disposition')).toContain('memories.json');
  });

  it('changes and forgets, and the audit log knows', async () => {
    const { body } = await ask('POST', '/memories', { agent: 'shop/clerk', text: 'Drinks tea.' });
    const id = textAt(body, 'id');
    const changed = await ask('PATCH', `/memories/${id}`, { text: 'Drinks coffee.', kind: 'preference' });
    expect(changed.body).toMatchObject({ id, text: 'Drinks coffee.', kind: 'preference' });
    expect(await texts('?q=coffee')).toEqual(['Drinks coffee.']);
    expect(await texts('?q=tea')).toEqual([]);
    expect((await ask('DELETE', `/memories/${id}`)).status).toBe(204);
    for (const again of [ask('DELETE', `/memories/${id}`), ask('PATCH', `/memories/${id}`, { text: 'x' })]) {
      const { status, body: refused } = await again;
      expect([status, at(refused, 'error', 'details', 0, 'reason')]).toEqual([404, 'MEMORY_NOT_FOUND']);
    }
    const audit = await runOn(databaseUrl, `SELECT action, owner FROM audit_log WHERE subject = '${id}' ORDER BY id`);
    expect(audit).toEqual([
      { action: 'memory.changed', owner: 'local' },
      { action: 'memory.deleted', owner: 'local' },
    ]);
  });

  it.each([
    ['POST', '/memories', { text: 'x' }, 'agent'],
    ['POST', '/memories', { agent: 'clerk', text: 'x' }, 'agent'],
    ['POST', '/memories', { agent: 'shop/invented', text: 'x' }, 'agent'],
    ['POST', '/memories', { agent: 'shop/clerk', text: ' ' }, 'text'],
    ['POST', '/memories', { agent: 'shop/clerk', text: 'x'.repeat(2_001) }, 'text'],
    ['POST', '/memories', { agent: 'shop/clerk', text: 'half \ud800' }, 'text'],
    ['POST', '/memories', { agent: 'shop/clerk', text: 'x', kind: 'order' }, 'kind'],
    ['GET', '/memories?agent=clerk', undefined, 'agent'],
    ['GET', '/memories?pageToken=x', undefined, 'pageToken'],
    ['GET', '/memories?pageSize=0', undefined, 'pageSize'],
  ])('%s %s with %j names the field', async (method, path, body, field) => {
    const before = await texts('?pageSize=100');
    const refused = await ask(method, path, body);
    expect([refused.status, at(refused.body, 'error', 'details', 0, 'metadata', 'field')]).toEqual([400, field]);
    expect(await texts('?pageSize=100')).toEqual(before);
  });

  it('does once what comes twice under an Idempotency-Key', async () => {
    const twice = () =>
      ask('POST', '/memories', { agent: 'shop/once', text: 'Once.' }, { 'idempotency-key': 'remember once' });
    const [one, other] = [await twice(), await twice()];
    expect(other.body).toEqual(one.body);
    const another = await ask(
      'POST',
      '/memories',
      { agent: 'shop/once', text: 'Other.' },
      { 'idempotency-key': 'remember once' },
    );
    expect(another.status).toBe(400);
  });

  it('may be written for an agent that is gone, while there are others of it', async () => {
    const { body } = await ask('POST', '/memories', { agent: 'shop/once', text: 'Before.' });
    await runOn(databaseUrl, `UPDATE memories SET agent = 'shop/gone' WHERE id = '${textAt(body, 'id')}'`);
    expect((await ask('POST', '/memories', { agent: 'shop/gone', text: 'After.' })).status).toBe(201);
  });

  it('are there once in the same words, however many write them down at once', async () => {
    const database = new Database(databaseUrl, { poolSize: 8, log: createLog('silent') });
    afterThisTest(() => database.close());
    const store = new MemoriesService(database, systemClock);
    const scope = { tenant: 'home', owner: 'ada', agent: 'shop/once' };
    for (const text of ['One.', 'Two.', 'Three.', 'Four.', 'Five.']) {
      const write = () => store.create(scope, { text, kind: 'fact' });
      const written = await Promise.all(Array.from({ length: 8 }, write));
      expect(new Set(written.map(({ id }) => id)).size).toBe(1);
    }
    expect((await store.list(scope, { size: 100, token: '' })).memories).toHaveLength(5);
  });

  it('expire by policy', async () => {
    const { body } = await ask('POST', '/memories', { agent: 'shop/old', text: 'Long ago.' });
    await runOn(
      databaseUrl,
      `UPDATE memories SET updated_at = now() - interval '31 days' WHERE id = '${textAt(body, 'id')}'`,
    );
    await until(async () => (await texts('?agent=shop/old')).length === 0, { what: 'the old memory to go' });
    const audit = await runOn(databaseUrl, `SELECT details FROM audit_log WHERE action = 'memories.expired'`);
    expect(JSON.stringify(audit)).toContain(textAt(body, 'id'));
  });
});

describe('task.memory', () => {
  it('keeps across sessions, for this agent alone, with the message as its source', async () => {
    const { results, sessionId } = await done([
      { add: 'Has a dog called Rex.' },
      { add: 'Has two cats.', kind: 'fact' },
    ]);
    expect((await done([{ search: 'Is there a dog?' }])).results).toEqual([['Has a dog called Rex.']]);
    expect((await done([{ search: 'dog' }], { agent: 'test/other' })).results).toEqual([[]]);
    const { body } = await ask('GET', '/memories?agent=test/keeping&q=rex');
    const { body: messages } = await ask('GET', `/sessions/${sessionId}/messages`);
    expect(at(body, 'memories', 0)).toMatchObject({
      id: results[0],
      source: { sessionId, messageId: textAt(messages, 'messages', 0, 'message', 'messageId') },
    });
    expect((await done([{ forget: String(results[0]) }], { agent: 'test/other' })).results).toEqual([false]);
    expect((await done([{ forget: String(results[0]) }, { forget: 'nothing' }])).results).toEqual([true, false]);
    expect((await done([{ search: 'dog' }])).results).toEqual([[]]);
  });

  it('finds by any word, in other forms as well, what has more of the rarer words first; without words the newest', async () => {
    for (const text of ['Likes walking in the hills.', 'Likes the sea.', 'Likes the colour of the sea at night.'])
      await done([{ add: text }], { agent: 'test/other' });
    const found = async (search: string, limit?: number) =>
      (await done([{ search, ...(limit === undefined ? {} : { limit }) }], { agent: 'test/other' })).results[0];
    expect(await found('Where did the user walk?', 1)).toEqual(['Likes walking in the hills.']);
    expect(await found('colours of the sea', 2)).toEqual(['Likes the colour of the sea at night.']);
    expect(await found('?', 2)).toEqual(['Likes the colour of the sea at night.', 'Likes the sea.']);
    expect(await found("it's '); DROP TABLE memories; -- & | ! <-> :*")).toEqual(expect.any(Array));
  });

  it('does each operation once when the run begins anew', async () => {
    const message = { parts: [{ data: { operations: [{ add: 'Said before the question.' }], ask: true } }] };
    const { body } = await ask('POST', '/agents/test/keeping/tasks', { message, wait: true });
    const { body: stored } = await ask('GET', '/memories?q=before%20question');
    await ask('DELETE', `/memories/${textAt(stored, 'memories', 0, 'id')}`);
    const answer = { message: { taskId: textAt(body, 'id'), parts: [{ text: 'Yes' }] }, wait: true };
    const ended = await ask('POST', '/agents/test/keeping/tasks', answer);
    expect(JSON.parse(saidBy(ended.body))).toEqual([at(stored, 'memories', 0, 'id')]);
    // The second run found that it was done: it did not come back.
    expect(await texts('?q=before%20question')).toEqual([]);
  });

  it('goes with the session that it was said in', async () => {
    const { sessionId } = await done([{ add: 'Goes with the session.' }]);
    expect(await texts('?q=goes%20session')).toHaveLength(1);
    expect((await ask('DELETE', `/sessions/${sessionId}`)).status).toBe(204);
    expect(await texts('?q=goes%20session')).toEqual([]);
  });

  it('keeps and finds nothing where the call wants no session', async () => {
    const metadata = { 'urn:continuo:a2a:sessions:v1': { stateless: true } };
    await done([{ add: 'Known already.' }]);
    const { results } = await done([{ add: 'Never kept.' }, { search: 'known' }], { metadata });
    expect(results).toEqual([expect.any(String), []]);
    expect(await texts('?q=never')).toEqual([]);
  });

  it.each([
    [{ add: '' }, 'memory.add: text'],
    [{ add: 'x', kind: 'order' }, 'memory.add: kind'],
    [{ search: 'x', limit: 0 }, 'memory.search: limit'],
  ])('%j fails the task, and says what is wrong', async (operation, says) => {
    const message = { parts: [{ data: { operations: [operation] } }] };
    const { body } = await ask('POST', '/agents/test/keeping/tasks', { message, wait: true });
    expect(saidBy(body)).toContain(says);
  });
});
