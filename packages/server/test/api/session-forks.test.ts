/** What people do with whole conversations over HTTP: fork them, and look into what agents keep there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { saidBy } from '../support/answers.js';

/** A name that is the server's own. */
const OWN = 'urn:continuo:test';

/** Says how many messages it knows, and counts its calls in the session. */
@A2AAgent({ type: 'test', name: 'counting', description: 'Counts.' })
class CountingAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    if (task.text === 'keep') await task.session.state.set(OWN, 'kept');
    if (task.text === 'keep' || task.text === 'kept?') return String(await task.session.state.get(OWN));
    const calls = Number((await task.session.state.get('calls')) ?? 0) + 1;
    await task.session.state.set('calls', calls);
    const heard = (await task.history()).map(({ parts }) => parts.map(({ text }) => text).join(''));
    return [...heard, task.text].join(' ');
  }
}

let server: RunningServer;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({
    agents: [CountingAgent],
    env: { DATABASE_URL: url, PORT: '0', CONTINUO_LOG_LEVEL: 'silent' },
  });
});

afterAll(() => server.stop());

const ask = (method: string, path: string, body?: unknown, headers = {}) =>
  call(method, `${server.url}${path}`, { headers, ...(body === undefined ? {} : { body }) });

/** What the agent answered. */
async function say(sessionId: string, text: string): Promise<string> {
  const { body } = await ask('POST', '/agents/test/counting/tasks', { message: text, sessionId, wait: true });
  return saidBy(body);
}

async function newSession(body: unknown = {}): Promise<string> {
  return textAt((await ask('POST', '/sessions', body)).body, 'id');
}

async function messagesOf(id: string): Promise<readonly { readonly text: string; readonly messageId: string }[]> {
  const { body } = await ask('GET', `/sessions/${id}/messages`);
  return (at(body, 'messages') as readonly unknown[]).map((one) => ({
    text: textAt(one, 'message', 'parts', 0, 'text'),
    messageId: textAt(one, 'message', 'messageId'),
  }));
}

describe('a fork', () => {
  it('knows what was said up to a message, and each goes its own way from there', async () => {
    const id = await newSession({ title: 'Herons', metadata: { topic: 'birds' } });
    await say(id, 'one');
    await say(id, 'two');
    const [, answer] = await messagesOf(id);
    const forked = await ask('POST', `/sessions/${id}:fork`, { messageId: answer?.messageId });
    expect(forked).toMatchObject({
      status: 201,
      body: { title: 'Herons', metadata: { topic: 'birds' }, messageCount: 2 },
    });
    const fork = textAt(forked.body, 'id');
    expect(fork).not.toBe(id);
    expect(await say(fork, 'three')).toBe('one one three');
    expect(await say(id, 'four')).toBe('one one two one one two four');
    expect((await messagesOf(fork)).map(({ text }) => text)).toEqual(['one', 'one', 'three', 'one one three']);
    const { body } = await ask('GET', `/sessions/${fork}/messages`);
    expect(at(body, 'messages', 0, 'message')).toMatchObject({ contextId: fork, role: 'ROLE_USER' });
    expect(at(body, 'messages', 0)).not.toHaveProperty('taskId');

    await ask('DELETE', `/sessions/${id}`);
    expect(await messagesOf(fork)).toHaveLength(4);
  });

  it('has everything without a message, under the title that it is given, once for each key', async () => {
    const id = await newSession();
    await say(id, 'one');
    const wanted = { title: 'Another way' };
    const key = { 'idempotency-key': 'fork once' };
    const first = await ask('POST', `/sessions/${id}:fork`, wanted, key);
    expect(first).toMatchObject({ status: 201, body: { title: 'Another way', messageCount: 2 } });
    await say(id, 'two');
    expect(await ask('POST', `/sessions/${id}:fork`, wanted, key)).toMatchObject({ status: 201, body: first.body });
    expect((await ask('GET', `/sessions/${textAt(first.body, 'id')}/state`)).body).toEqual({ calls: 1 });
  });

  it('names the field that is wrong, and makes nothing', async () => {
    const id = await newSession();
    const refused = await ask('POST', `/sessions/${id}:fork`, { messageId: 'of another one' });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^messageId: expected the id of/) } },
    });
    expect(await ask('POST', `/sessions/nowhere:fork`, {})).toMatchObject({ status: 404 });
  });
});

describe('the state of a session', () => {
  it('is read and changed, and agents see it', async () => {
    const id = await newSession();
    expect((await ask('GET', `/sessions/${id}/state`)).body).toEqual({});
    const changed = await ask('PATCH', `/sessions/${id}/state`, { calls: 41, mood: { today: 'fine' } });
    expect(changed).toMatchObject({ status: 200, body: { calls: 41, mood: { today: 'fine' } } });
    await say(id, 'one');
    expect((await ask('PATCH', `/sessions/${id}/state`, { mood: null })).body).toEqual({ calls: 42 });
    expect((await ask('GET', `/sessions/${id}/state`)).body).toEqual({ calls: 42 });
  });

  it("hides what is the server's own, which is neither set nor copied", async () => {
    const id = await newSession();
    expect(await say(id, 'keep')).toBe('kept');
    expect((await ask('GET', `/sessions/${id}/state`)).body).toEqual({});
    expect(await ask('PATCH', `/sessions/${id}/state`, { [OWN]: 'forged' })).toMatchObject({ status: 400 });
    expect((await ask('PATCH', `/sessions/${id}/state`, { mine: 1 })).body).toEqual({ mine: 1 });
    expect(await say(id, 'kept?')).toBe('kept');
    const fork = textAt((await ask('POST', `/sessions/${id}:fork`)).body, 'id');
    expect((await ask('GET', `/sessions/${fork}/state`)).body).toEqual({ mine: 1 });
    expect(await say(fork, 'kept?')).toBe('undefined');
  });

  it('is no store of any size, and of nothing but values by name', async () => {
    const id = await newSession();
    await ask('PATCH', `/sessions/${id}/state`, { small: 1 });
    const long = 'x'.repeat(600_000);
    expect((await ask('PATCH', `/sessions/${id}/state`, { first: long })).status).toBe(200);
    expect(await ask('PATCH', `/sessions/${id}/state`, { second: long })).toMatchObject({ status: 413 });
    expect(Object.keys((await ask('GET', `/sessions/${id}/state`)).body as object).toSorted()).toEqual([
      'first',
      'small',
    ]);
    expect(await ask('PATCH', `/sessions/${id}/state`, ['one'])).toMatchObject({ status: 400 });
    expect(await ask('PATCH', '/sessions/nowhere/state', {})).toMatchObject({ status: 404 });
  });
});

it('says so when a message has the id of one that the session has already', async () => {
  const id = await newSession();
  await say(id, 'one');
  const [, answer] = await messagesOf(id);
  const message = { messageId: answer?.messageId, parts: [{ text: 'two' }] };
  const refused = await ask('POST', '/agents/test/counting/tasks', { message, sessionId: id });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringMatching(/^message\.messageId: expected/) } },
  });
  expect(await say(id, 'three')).toBe('one one three');
});
