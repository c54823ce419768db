/** The same request made twice, at the same moment, on two instances, or after a crash: done once, answered twice. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { forThisFile } from '../support/outcome.js';
import { saidBy } from '../support/answers.js';
import { connect, request, send } from '../support/a2a-client.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import type { ServerProcess } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { begin, inState, refusalOf, startOne, startTwo } from '../support/two-instances.js';

let a: ServerProcess;
let b: ServerProcess;

beforeAll(async () => {
  // What is to run once here must not be taken over because a busy machine has held its instance up.
  [a, b] = await startTwo({ CONTINUO_LEASE_MS: '5000' });
});

const withKey = (key: string): Record<string, string> => ({ 'idempotency-key': key });

/** The same request eight times at once, on both instances in turn. */
function eightTimes(ask: (url: string) => Promise<Answer>): Promise<readonly Answer[]> {
  return Promise.all(Array.from({ length: 8 }, (_, n) => ask(n % 2 === 0 ? a.url : b.url)));
}

const distinct = (values: readonly unknown[]): readonly unknown[] => [...new Set(values)];

describe('the same Idempotency-Key', () => {
  it('makes one task, which does its work once', async () => {
    const file = join(await makeTestDirectory('idempotency'), 'notes');
    const key = randomUUID();
    const body = { message: { parts: [{ data: { file } }] }, wait: true };
    const ask = (url: string) => call('POST', `${url}/agents/test/notes/tasks`, { body, headers: withKey(key) });
    const answers = await eightTimes(ask);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(distinct(answers.map((answer) => textAt(answer.body, 'id')))).toHaveLength(1);
    expect(distinct(answers.map((answer) => textAt(answer.body, 'contextId')))).toHaveLength(1);
    expect(textAt((await ask(b.url)).body, 'id')).toBe(textAt(answers[0]?.body, 'id'));
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toEqual([textAt(answers[0]?.body, 'id')]);
    const { body: messages } = await call('GET', `${a.url}/sessions/${textAt(answers[0]?.body, 'contextId')}/messages`);
    expect(at(messages, 'messages')).toHaveLength(2);
  });

  it('counts over JSON-RPC and HTTP+JSON as well, blocking and streaming', async () => {
    const key = randomUUID();
    const params = { message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] } };
    const agent = '/agents/function/echo';
    const headers = { 'a2a-version': '1.0', ...withKey(key) };
    const [overRpc, overRest] = await Promise.all([
      callRpc(`${a.url}${agent}`, 'SendMessage', params, withKey(key)),
      call('POST', `${b.url}${agent}/message:send`, { body: params, headers }),
    ]);
    const id = textAt(overRpc.body, 'result', 'task', 'id');
    expect(id).not.toBe('');
    expect(textAt(overRest.body, 'task', 'id')).toBe(id);
    const streamed = await fetch(`${b.url}${agent}/message:stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(params),
    });
    const frames = await allFramesOf(streamed);
    expect(frames.map(({ data }) => textAt(data, 'task', 'id'))).toEqual([id]);
    const other = { message: { ...params.message, parts: [{ text: 'something else' }] } };
    const refused = await callRpc(`${b.url}${agent}`, 'SendMessage', other, withKey(key));
    expect(textAt(refused.body, 'error', 'message')).toContain('Idempotency-Key');
  });

  it('is refused for another request, on any path', async () => {
    const key = randomUUID();
    const create = (message: string, agent = 'function/echo') =>
      call('POST', `${a.url}/agents/${agent}/tasks`, { body: { message }, headers: withKey(key) });
    const made = await create('one');
    const id = textAt(made.body, 'id');
    const others = [
      await create('two'),
      await create('one', 'test/asks'),
      await call('POST', `${b.url}/sessions`, { body: {}, headers: withKey(key) }),
      await call('POST', `${b.url}/tasks/${id}:cancel`, { headers: withKey(key) }),
      await call('POST', `${b.url}/tasks/${id}:retry`, { headers: withKey(key) }),
    ];
    for (const refused of others) {
      expect(refusalOf(refused)).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field: 'Idempotency-Key' });
    }
  });

  it('must be 1 to 255 printable characters', async () => {
    const create = (key: string) =>
      call('POST', `${a.url}/agents/function/echo/tasks`, { body: { message: 'hi' }, headers: withKey(key) });
    for (const key of ['x'.repeat(256), 'caf\u00e9', '']) {
      expect(refusalOf(await create(key))).toMatchObject({ http: 400, field: 'Idempotency-Key' });
    }
    expect((await create('x'.repeat(255))).status).toBe(201);
  });

  it('creates one session', async () => {
    const body = { title: 'Once' };
    const headers = withKey(randomUUID());
    const answers = await eightTimes((url) => call('POST', `${url}/sessions`, { body, headers }));
    expect(distinct(answers.map(({ status }) => status))).toEqual([201]);
    expect(distinct(answers.map((answer) => textAt(answer.body, 'id')))).toHaveLength(1);
  });

  it('answers a question once, and answers everybody alike', async () => {
    const id = await begin(a.url, 'asks');
    await inState(a.url, id, 'INPUT_REQUIRED');
    const body = { message: { taskId: id, parts: [{ text: 'this' }] }, wait: true };
    const headers = withKey(randomUUID());
    const answers = await eightTimes((url) => call('POST', `${url}/agents/test/asks/tasks`, { body, headers }));
    expect(distinct(answers.map(({ status }) => status))).toEqual([200]);
    expect(distinct(answers.map((answer) => saidBy(answer.body)))).toEqual(['You said this.']);
    const task = await inState(a.url, id, 'COMPLETED');
    expect(at(task, 'history')).toHaveLength(3);
  });

  it('tells a working task something once', async () => {
    const id = await begin(a.url, 'hears');
    await inState(a.url, id, 'WORKING');
    const tell = (url: string, text: string, key: string) => {
      const body = { message: { taskId: id, parts: [{ text }] } };
      return call('POST', `${url}/agents/test/hears/tasks`, { body, headers: withKey(key) });
    };
    const key = randomUUID();
    const answers = await eightTimes((url) => tell(url, 'once', key));
    expect(distinct(answers.map(({ status }) => status))).toEqual([200]);
    await tell(b.url, 'stop', randomUUID());
    expect(saidBy(await inState(a.url, id, 'COMPLETED'))).toBe('once');
  });

  it('cancels once, and says so whenever it is asked again; another key is told that the task has ended', async () => {
    const id = await begin(a.url, 'hangs');
    const cancel = (url: string, key: string) => call('POST', `${url}/tasks/${id}:cancel`, { headers: withKey(key) });
    const key = randomUUID();
    const answers = await eightTimes((url) => cancel(url, key));
    expect(distinct(answers.map(({ status }) => status))).toEqual([200]);
    expect(textAt((await cancel(b.url, key)).body, 'status', 'state')).toBe('TASK_STATE_CANCELED');
    expect(refusalOf(await cancel(b.url, randomUUID()))).toMatchObject({ reason: 'TASK_NOT_CANCELABLE' });
  });

  it('retries once', async () => {
    const file = join(await makeTestDirectory('idempotency'), 'notes');
    const id = await begin(a.url, 'fails', { file });
    await inState(a.url, id, 'FAILED');
    const headers = withKey(randomUUID());
    const retry = (url: string) => call('POST', `${url}/tasks/${id}:retry`, { headers });
    const answers = await eightTimes(retry);
    expect(distinct(answers.map(({ status }) => status))).toEqual([200]);
    await inState(a.url, id, 'FAILED');
    expect((await retry(b.url)).status).toBe(200);
    const task = await inState(a.url, id, 'FAILED');
    expect(at(task, 'metadata', 'urn:continuo:a2a:progress:v1', 'attempt')).toBe(2);
  });

  it('finds the task again that was stored the moment before a crash', async () => {
    const { env } = b;
    await b.kill('SIGKILL');
    b = await startOne({ ...env, CONTINUO_CRASH_AT: 'task-opened:1' });
    const headers = withKey(randomUUID());
    const body = { message: 'still there?', wait: true };
    const create = (url: string) => call('POST', `${url}/agents/function/echo/tasks`, { body, headers });
    await expect(create(b.url)).rejects.toThrow('fetch failed');
    await b.exited;
    const again = await create(a.url);
    expect([again.status, textAt(again.body, 'status', 'state')]).toEqual([200, 'TASK_STATE_COMPLETED']);
    const { body: list } = await call('GET', `${a.url}/tasks?sessionId=${textAt(again.body, 'contextId')}`);
    expect(list).toMatchObject({ totalSize: 1 });
    b = await forThisFile(() => startOne(env));
  });
});

describe('the same messageId in the same context', () => {
  it('makes one task when it is sent to two instances at the same moment', async () => {
    const [one, two] = await Promise.all([
      connect(a.url, 'function/echo'),
      connect(b.url, 'function/echo', 'HTTP+JSON'),
    ]);
    const ids = { messageId: randomUUID(), contextId: randomUUID() };
    const tasks = await Promise.all([one, two, one, two].map((client) => send(client, 'hello', ids)));
    expect(distinct(tasks.map((task) => task.id))).toHaveLength(1);
    const { body } = await call('GET', `${a.url}/sessions/${ids.contextId}/messages`);
    expect(at(body, 'messages')).toHaveLength(2);
  });

  it('is answered with the stream of the one task, to its end', async () => {
    const [one, two] = await Promise.all([connect(a.url, 'function/countdown'), connect(b.url, 'function/countdown')]);
    const ids = { messageId: randomUUID(), contextId: randomUUID() };
    const seen = async (client: typeof one) => {
      const tasks: string[] = [];
      let last: unknown;
      for await (const { payload } of client.sendMessageStream(request({ steps: 5, delayMs: 50 }, ids))) {
        if (payload?.$case === 'task') tasks.push(payload.value.id);
        // The task has ended already where the second comes late: then it is all there is.
        if (payload?.$case === 'task' || payload?.$case === 'statusUpdate') {
          last = payload.value.status?.message?.parts[0]?.content?.value;
        }
      }
      return { tasks, last };
    };
    const [first, second] = await Promise.all([seen(one), seen(two)]);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ tasks: [expect.any(String)], last: 'Counted 5 steps.' });
  });

  it('answers a question once when it is sent to two instances at the same moment', async () => {
    const id = await begin(a.url, 'asks');
    await inState(a.url, id, 'INPUT_REQUIRED');
    const [one, two] = await Promise.all([connect(a.url, 'test/asks'), connect(b.url, 'test/asks')]);
    const ids = { messageId: randomUUID(), taskId: id };
    const tasks = await Promise.all([one, two, one, two].map((client) => send(client, 'this', ids)));
    expect(distinct(tasks.map((task) => task.id))).toEqual([id]);
    expect(at(await inState(a.url, id, 'COMPLETED'), 'history')).toHaveLength(3);
  });
});
