/** A message that comes again: the same one is answered with what it made, another one under its id is refused, never dropped. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { saidBy } from '../support/answers.js';
import { connectOld, send, transports } from '../support/a2a-client.js';
import { framesOf } from '../support/event-stream.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import type { ServerProcess } from '../support/server-process.js';
import { begin, inState, refusalOf, startTwo } from '../support/two-instances.js';

interface Said {
  readonly messageId: string;
  readonly text: string;
  readonly contextId?: string;
  readonly taskId?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Sends it to an agent, and says which task answers, or why it was refused. */
type Say = (agent: string, said: Said) => Promise<{ readonly id: string } | { readonly refused: string }>;

let a: ServerProcess;
let b: ServerProcess;

beforeAll(async () => {
  [a, b] = await startTwo();
});

const toMessage = ({ text, more, ...ids }: Said) => ({ role: 'ROLE_USER', parts: [{ text }], ...ids, ...more });
const REFUSED = { refused: 'message.messageId' };

const overRpc: Say = async (agent, said) => {
  const { body } = await callRpc(`${a.url}/agents/${agent}`, 'SendMessage', { message: toMessage(said) });
  const error = at(body, 'error');
  if (error === undefined) return { id: textAt(body, 'result', 'task', 'id') };
  expect(at(error, 'code')).toBe(-32602);
  return { refused: textAt(error, 'message').split(':', 1)[0] ?? '' };
};
const overStream: Say = async (agent, said) => {
  const response = await fetch(`${b.url}/agents/${agent}/message:stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify({ message: toMessage(said) }),
  });
  if (!response.ok) return { refused: textAt(await response.json(), 'error', 'message').split(':', 1)[0] ?? '' };
  for await (const { data } of framesOf(response)) return { id: textAt(data, 'task', 'id') };
  return { refused: 'nothing came' };
};
const overApi: Say = async (agent, said) => {
  const body = { message: toMessage(said), wait: true };
  const answer: Answer = await call('POST', `${b.url}/agents/${agent}/tasks`, { body });
  if (answer.status < 400) return { id: textAt(answer.body, 'id') };
  expect(refusalOf(answer)).toMatchObject({ http: 400, reason: 'INVALID_ARGUMENT' });
  return { refused: String(refusalOf(answer)['field']) };
};
const overOld = (binding: (typeof transports)[number]): Say => {
  return async (agent, { text, more: _more, ...ids }) => {
    try {
      return { id: (await send(await connectOld(a.url, agent, binding), text, ids)).id };
    } catch (error) {
      return { refused: /message\.messageId/.exec(String(error))?.[0] ?? String(error) };
    }
  };
};
const ways: readonly (readonly [string, Say])[] = [
  ['JSON-RPC', overRpc],
  ['HTTP+JSON streams', overStream],
  ['the HTTP API', overApi],
  ...transports.map((binding) => [`0.3 over ${binding}`, overOld(binding)] as const),
];

describe.each(ways)('a messageId that was used before, over %s', (_name, say) => {
  it('is answered with its task, or refused with another text', async () => {
    const said = { messageId: randomUUID(), contextId: randomUUID(), text: 'one' };
    const first = await say('function/echo', said);
    expect(first).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/) });
    expect(await say('function/echo', said)).toEqual(first);
    expect(await say('function/echo', { ...said, text: 'two' })).toEqual(REFUSED);
    expect(await tasksIn(said.contextId)).toBe(1);
  });

  it('answers a question once, and never stands for another answer', async () => {
    const opening = { messageId: randomUUID(), contextId: randomUUID(), text: 'book a flight' };
    const asked = await say('test/asks', opening);
    const taskId = 'id' in asked ? asked.id : '';
    await inState(a.url, taskId, 'INPUT_REQUIRED');
    const { contextId } = opening;
    expect(await say('test/asks', { messageId: opening.messageId, contextId, taskId, text: 'mine' })).toEqual(REFUSED);
    await inState(a.url, taskId, 'INPUT_REQUIRED');
    const answer = { messageId: randomUUID(), contextId, taskId, text: 'mine' };
    expect(await say('test/asks', answer)).toEqual(asked);
    expect(saidBy(await inState(a.url, taskId, 'COMPLETED'))).toBe('You said mine.');
    expect(await say('test/asks', answer)).toEqual(asked);
    expect(await say('test/asks', { ...answer, text: 'yours' })).toEqual(REFUSED);
    expect(await say('test/asks', { ...opening, taskId })).toEqual(asked);
  });

  it('is another call when it goes to another agent', async () => {
    const said = { messageId: randomUUID(), contextId: randomUUID(), text: 'to both' };
    const [one, two] = [await say('function/echo', said), await say('test/asks', said)];
    expect(two).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/) });
    expect(two).not.toEqual(one);
    expect([await say('test/asks', said), await say('function/echo', said)]).toEqual([two, one]);
    expect(await tasksIn(said.contextId)).toBe(2);
    expect(await saidIn(said.contextId)).toEqual(['to both']);
  });
});

it('the same message to two agents at the same moment, on two instances, makes a task of each', async () => {
  const said = { messageId: randomUUID(), contextId: randomUUID(), text: 'at once' };
  const to = (agent: string) => [overRpc(agent, said), overApi(agent, said), overStream(agent, said)];
  const answers = await Promise.all([...to('function/echo'), ...to('test/asks')]);
  expect(new Set(answers.map((answer) => ('id' in answer ? answer.id : answer.refused))).size).toBe(2);
  expect(await tasksIn(said.contextId)).toBe(2);
  expect(await saidIn(said.contextId)).toEqual(['at once']);
});

it('a working task hears a message once, and another one under its id is refused', async () => {
  const taskId = await begin(a.url, 'hears');
  await inState(a.url, taskId, 'WORKING');
  const tell = (text: string, messageId: string) =>
    call('POST', `${b.url}/agents/test/hears/tasks`, { body: { message: { messageId, taskId, parts: [{ text }] } } });
  const messageId = randomUUID();
  expect((await tell('once', messageId)).status).toBe(200);
  expect((await tell('once', messageId)).status).toBe(200);
  expect(refusalOf(await tell('twice', messageId))).toMatchObject({ http: 400, field: 'message.messageId' });
  await tell('stop', randomUUID());
  expect(saidBy(await inState(a.url, taskId, 'COMPLETED'))).toBe('once');
});

it('another message under a used id is refused wherever it goes in the session', async () => {
  const said = { messageId: randomUUID(), contextId: randomUUID(), text: 'one' };
  await overRpc('function/echo', said);
  expect(await overRpc('test/asks', { ...said, text: 'two' })).toEqual(REFUSED);
  const asked = await overRpc('test/asks', { ...said, messageId: randomUUID(), text: 'go' });
  const taskId = 'id' in asked ? asked.id : '';
  const task = await inState(a.url, taskId, 'INPUT_REQUIRED');
  expect(await overRpc('test/asks', { ...said, taskId, text: 'two' })).toEqual(REFUSED);
  const question = textAt(task, 'status', 'message', 'messageId');
  expect(await overRpc('test/asks', { ...said, messageId: question, taskId })).toEqual(REFUSED);
  expect(await overRpc('test/asks', { ...said, taskId })).toEqual(asked);
  expect(saidBy(await inState(a.url, taskId, 'COMPLETED'))).toBe('You said one.');
});

it('what is said counts, and not how it is written down', async () => {
  const said = { messageId: randomUUID(), contextId: randomUUID(), text: 'one' };
  const data = (value: unknown) => ({ ...said, more: { parts: [{ data: value }] } });
  const first = await overRpc('function/echo', data({ x: 1, y: [1, { z: null }] }));
  const same = { metadata: {}, extensions: ['urn:example:x'], referenceTaskIds: [] };
  const reordered = { y: [1, { z: null }], x: 1.0 };
  expect(await overRpc('function/echo', data(reordered))).toEqual(first);
  expect(await overApi('function/echo', { ...said, more: { ...same, parts: [{ data: reordered }] } })).toEqual(first);
  for (const other of [
    { parts: [{ data: { x: 1, y: [{ z: null }, 1] } }] },
    { parts: [{ data: { x: 1, y: [1, { z: null }] }, mediaType: 'text/html' }] },
    { parts: [{ data: { x: 1, y: [1, { z: null }] } }, { text: 'and more' }] },
    { parts: [{ data: { x: 1, y: [1, { z: null }] } }], metadata: { tone: 'rude' } },
  ]) {
    expect(await overRpc('function/echo', { ...said, more: other })).toEqual(REFUSED);
  }
});

it('is another message in another context', async () => {
  const said = { messageId: randomUUID(), contextId: randomUUID(), text: 'one' };
  const first = await overRpc('function/echo', said);
  const second = await overRpc('function/echo', { ...said, contextId: randomUUID(), text: 'two' });
  expect(second).toHaveProperty('id');
  expect(second).not.toEqual(first);
});

async function tasksIn(contextId: string): Promise<unknown> {
  return at((await call('GET', `${a.url}/tasks?sessionId=${contextId}`)).body, 'totalSize');
}

/** What the user has said in the session, the oldest first. */
async function saidIn(contextId: string): Promise<readonly unknown[]> {
  const { body } = await call('GET', `${a.url}/sessions/${contextId}/messages?order=asc`);
  const messages = at(body, 'messages');
  const said: readonly unknown[] = Array.isArray(messages) ? messages.map((entry) => at(entry, 'message')) : [];
  return said
    .filter((message) => at(message, 'role') === 'ROLE_USER')
    .map((message) => at(message, 'parts', 0, 'text'));
}
