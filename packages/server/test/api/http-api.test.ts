/** The HTTP API beyond A2A, over HTTP: what it answers, and what it says about requests that are wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { CountdownAgent } from '../../src/agents/builtin/countdown-agent.js';
import { EchoAgent } from '../../src/agents/builtin/echo-agent.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { at, call as callAt, type Answer as Called } from '../support/http-calls.js';
import { until } from '../support/until.js';

@A2AAgent({ type: 'test', name: 'asking', description: 'Asks once, then repeats the answer.' })
class AskingAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const answer = await task.requestInput('Which one?');
    return `You said ${answer.text}`;
  }
}

/** Its tests say what they expect of a body. */
type Answer = Omit<Called, 'body'> & { readonly body: Readonly<Record<string, unknown>> };

let server: RunningServer;

async function call(method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
  const answer = await callAt(method, server.url + path, { body, headers });
  return { ...answer, body: (answer.body ?? {}) as Answer['body'] };
}

const idOf = (answer: Answer): string => String(answer.body['id']);

async function stateOf(id: string): Promise<unknown> {
  return at((await call('GET', `/tasks/${id}`)).body, 'status', 'state');
}

function errorOf(answer: Answer): unknown {
  const details = at(answer.body, 'error', 'details', 0);
  return { http: answer.status, reason: at(details, 'reason'), field: at(details, 'metadata', 'field') };
}

interface Frame {
  readonly id: number;
  readonly data: unknown;
}

async function framesOf(response: Response): Promise<readonly Frame[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('id: '))
    .map((frame) => {
      const [id = '', data = ''] = frame.split('\n');
      return { id: Number(id.slice(4)), data: JSON.parse(data.slice(6)) as unknown };
    });
}

const countdown = (steps: number, delayMs: number, sessionId?: string): unknown => ({
  message: { parts: [{ data: { steps, delayMs } }] },
  ...(sessionId === undefined ? {} : { sessionId }),
});

beforeAll(async () => {
  const { url } = await createTestDatabase();
  server = await startServer({
    agents: [EchoAgent, CountdownAgent, AskingAgent],
    env: {
      PORT: '0',
      DATABASE_URL: url,
      CONTINUO_LOG_LEVEL: 'silent',
      CONTINUO_BODY_LIMIT_BYTES: '20000',
      CONTINUO_SSE_HEARTBEAT_MS: '50',
    },
  });
});

afterAll(() => server?.stop());

describe('creating a task', () => {
  it('answers 201 with the task, at once or finished', async () => {
    const begun = await call('POST', '/agents/function/countdown/tasks', countdown(2, 1));
    expect(begun.status).toBe(201);
    expect(at(begun.body, 'history', 0)).toMatchObject({ role: 'ROLE_USER', taskId: begun.body['id'] });
    const done = await call('POST', '/agents/function/echo/tasks', {
      message: 'hello',
      wait: true,
      metadata: { n: 1 },
    });
    expect(done.status).toBe(201);
    expect(done.body).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ parts: [{ text: 'hello' }] }],
      metadata: { n: 1, agent: 'function/echo' },
    });
  });

  it('goes into the session that is named, which must exist', async () => {
    const session = await call('POST', '/sessions', { title: 'Talk' });
    expect(session.status).toBe(201);
    const task = await call('POST', '/agents/function/echo/tasks', {
      message: 'hi',
      sessionId: idOf(session),
      wait: true,
    });
    expect(task.body['contextId']).toBe(idOf(session));
    const messages = await call('GET', `/sessions/${idOf(session)}/messages`);
    expect(at(messages.body, 'messages')).toMatchObject([
      { seq: 1, taskId: idOf(task), message: { role: 'ROLE_USER', parts: [{ text: 'hi' }] } },
      { seq: 2, agent: 'function/echo', message: { role: 'ROLE_AGENT', parts: [{ text: 'hi' }] } },
    ]);
    const lost = await call('POST', '/agents/function/echo/tasks', { message: 'hi', sessionId: 'nowhere' });
    expect(errorOf(lost)).toEqual({ http: 404, reason: 'SESSION_NOT_FOUND', field: undefined });
  });

  it('makes one task of a message that is sent twice', async () => {
    const session = await call('POST', '/sessions');
    const request = { message: { messageId: 'm-1', parts: [{ text: 'once' }] }, sessionId: idOf(session) };
    const first = await call('POST', '/agents/function/echo/tasks', request);
    const second = await call('POST', '/agents/function/echo/tasks', request);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(idOf(second)).toBe(idOf(first));
  });

  it('waits for the end of a task that it answers, and not for the question before', async () => {
    const asked = await call('POST', '/agents/test/asking/tasks', { message: 'go', wait: true });
    expect(at(asked.body, 'status', 'state')).toBe('TASK_STATE_INPUT_REQUIRED');
    const answer = { message: { taskId: idOf(asked), parts: [{ text: 'this' }] }, wait: true };
    const done = await call('POST', '/agents/test/asking/tasks', answer);
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ parts: [{ text: 'You said this' }] }],
    });
  });

  it.each([
    ['startAt', '2030-01-01T00:00:00Z'],
    ['priority', 1],
    ['maxTokens', 500],
    ['maxCost', 0.5],
  ])('refuses %s beside an answer, which stays unsaid: it is about a new task', async (field, value) => {
    const asked = await call('POST', '/agents/test/asking/tasks', { message: 'go', wait: true });
    const answer = { message: { messageId: `says ${field}`, taskId: idOf(asked), parts: [{ text: 'this' }] } };
    const refused = await call('POST', '/agents/test/asking/tasks', { ...answer, [field]: value });
    expect(errorOf(refused)).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field });
    const done = await call('POST', '/agents/test/asking/tasks', { ...answer, wait: true });
    expect(at(done.body, 'status', 'state')).toBe('TASK_STATE_COMPLETED');
  });

  it.each([
    ['no body', undefined, 400, 'INVALID_ARGUMENT', 'body'],
    ['no JSON', '{"message":', 400, 'INVALID_ARGUMENT', 'body'],
    ['no message', {}, 400, 'INVALID_ARGUMENT', 'message'],
    ['an empty text', { message: ' ' }, 400, 'INVALID_ARGUMENT', 'message'],
    ['white space', { message: { parts: [{ text: ' ' }] } }, 400, 'INVALID_ARGUMENT', 'message.parts'],
    ['no parts', { message: { parts: [] } }, 400, 'INVALID_ARGUMENT', 'message.parts'],
    ['an unknown part', { message: { parts: [{ sound: 'x' }] } }, 400, 'INVALID_ARGUMENT', 'message.parts[0]'],
    [
      'the role of an agent',
      { message: { role: 'ROLE_AGENT', parts: [{ text: 'x' }] } },
      400,
      'INVALID_ARGUMENT',
      'message.role',
    ],
    [
      'two sessions',
      { message: { contextId: 'a', parts: [{ text: 'x' }] }, sessionId: 'b' },
      400,
      'INVALID_ARGUMENT',
      'message.contextId',
    ],
    ['a wait in words', { message: 'x', wait: 'yes' }, 400, 'INVALID_ARGUMENT', 'wait'],
    ['too large a body', { message: 'x'.repeat(30_000) }, 413, 'PAYLOAD_TOO_LARGE', undefined],
  ])('refuses %s', async (_what, body, http, reason, field) => {
    const answer = await call('POST', '/agents/function/echo/tasks', body);
    expect(errorOf(answer)).toEqual({ http, reason, field });
  });

  it('refuses what is not JSON, and unknown agents', async () => {
    const form = await call('POST', '/agents/function/echo/tasks', 'a=b', { 'content-type': 'text/plain' });
    expect(errorOf(form)).toMatchObject({ http: 415, reason: 'CONTENT_TYPE_NOT_SUPPORTED' });
    for (const method of ['GET', 'POST']) {
      const nobody = await call(method, '/agents/no/body/tasks', method === 'GET' ? undefined : { message: 'x' });
      expect(errorOf(nobody)).toMatchObject({ http: 404, reason: 'AGENT_NOT_FOUND' });
    }
  });
});

describe('cancelling a task', () => {
  it('answers with the task, and refuses a second time', async () => {
    for (const [method, path] of [
      ['DELETE', (id: string) => `/agents/function/countdown/tasks/${id}`],
      ['POST', (id: string) => `/tasks/${id}:cancel`],
    ] as const) {
      const task = await call('POST', '/agents/function/countdown/tasks', countdown(100, 1_000));
      const canceled = await call(method, path(idOf(task)));
      expect(canceled.status).toBe(200);
      expect(canceled.body).toMatchObject({ id: idOf(task), status: { state: 'TASK_STATE_CANCELED' } });
      expect(errorOf(await call(method, path(idOf(task))))).toMatchObject({ http: 400, reason: 'TASK_NOT_CANCELABLE' });
    }
  });

  it('does not find the task of another agent', async () => {
    const task = await call('POST', '/agents/function/countdown/tasks', countdown(100, 1_000));
    const other = await call('DELETE', `/agents/function/echo/tasks/${idOf(task)}`);
    expect(errorOf(other)).toMatchObject({ http: 404, reason: 'TASK_NOT_FOUND' });
    expect(await stateOf(idOf(task))).not.toBe('TASK_STATE_CANCELED');
    await call('POST', `/tasks/${idOf(task)}:cancel`);
  });
});

describe('the list of tasks', () => {
  it('filters by agent, state and session, page by page', async () => {
    const session = await call('POST', '/sessions');
    for (const text of ['alpha', 'beta', 'gamma']) {
      await call('POST', '/agents/function/echo/tasks', { message: text, sessionId: idOf(session), wait: true });
    }
    const list = `/tasks?sessionId=${idOf(session)}`;
    const first = await call('GET', `${list}&pageSize=2&state=COMPLETED`);
    expect(first.body).toMatchObject({ pageSize: 2, totalSize: 3 });
    const second = await call(
      'GET',
      `${list}&pageSize=2&state=TASK_STATE_COMPLETED&pageToken=${String(first.body['nextPageToken'])}`,
    );
    expect(second.body['nextPageToken']).toBe('');
    const all = [at(first.body, 'tasks'), at(second.body, 'tasks')].flat();
    expect(new Set(all.map((task) => at(task, 'id'))).size).toBe(3);
    expect(all[0]).not.toHaveProperty('artifacts');
    const oldest = await call('GET', `${list}&order=asc`);
    expect(at(oldest.body, 'tasks')).toEqual(all.toReversed());
    const found = await call('GET', `${list}&q=bet&includeArtifacts=true&historyLength=1`);
    expect(found.body['tasks']).toMatchObject([{ artifacts: [{ parts: [{ text: 'beta' }] }], history: [{}] }]);
    expect((await call('GET', `${list}&state=FAILED`)).body).toMatchObject({ tasks: [], totalSize: 0 });
    expect((await call('GET', `${list}&agent=function/countdown`)).body).toMatchObject({ totalSize: 0 });
    expect((await call('GET', `/agents/function/echo/tasks?sessionId=${idOf(session)}`)).body).toMatchObject({
      totalSize: 3,
    });
    expect((await call('GET', `/agents/test/asking/tasks?sessionId=${idOf(session)}`)).body).toMatchObject({
      totalSize: 0,
    });
  });

  it('sums up what they did', async () => {
    await call('POST', '/agents/function/echo/tasks', { message: 'counted', wait: true });
    const answer = await call('GET', '/statistics?hours=1&agent=function/echo');
    expect(answer.body).toMatchObject({ bucketSeconds: 60, truncated: false, agents: [{ agent: 'function/echo' }] });
    expect(at(answer.body, 'total', 'completed')).toBeGreaterThan(0);
    expect(at(answer.body, 'total', 'medianMs')).toEqual(expect.any(Number));
    const begun = (at(answer.body, 'buckets') as { begun: number }[]).reduce((sum, bucket) => sum + bucket.begun, 0);
    expect(begun).toBe(at(answer.body, 'total', 'begun'));
    expect((await call('GET', '/statistics?hours=720')).body).toMatchObject({ bucketSeconds: 43_200 });
  });

  it.each([
    ['hours=0', 'hours'],
    ['hours=721', 'hours'],
    ['hours=day', 'hours'],
    ['agent=a&agent=b', 'agent'],
  ])('does not sum up ?%s, naming %s', async (query, field) => {
    const answer = await call('GET', `/statistics?${query}`);
    expect(errorOf(answer)).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field });
  });

  it.each([
    ['pageSize=0', 'pageSize'],
    ['pageSize=101', 'pageSize'],
    ['pageSize=ten', 'pageSize'],
    ['pageSize=1&pageSize=2', 'pageSize'],
    ['pageToken=nonsense', 'pageToken'],
    ['state=BUSY', 'state'],
    ['historyLength=-1', 'historyLength'],
    ['includeArtifacts=maybe', 'includeArtifacts'],
    ['order=newest', 'order'],
  ])('refuses ?%s, naming %s', async (query, field) => {
    for (const path of ['/tasks', '/agents/function/echo/tasks']) {
      const answer = await call('GET', `${path}?${query}`);
      expect(errorOf(answer)).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field });
    }
  });

  it('ignores parameters that it does not know', async () => {
    expect((await call('GET', '/tasks?colour=green&pageSize=')).status).toBe(200);
  });
});

describe("a task's events", () => {
  it('are streamed from the first to the last, and from wherever a reader was', async () => {
    const task = await call('POST', '/agents/function/countdown/tasks', countdown(5, 20));
    const path = `${server.url}/tasks/${idOf(task)}/events`;
    const live = await fetch(path);
    expect(live.headers.get('content-type')).toContain('text/event-stream');
    const frames = await framesOf(live);
    expect(frames.map((frame) => frame.id)).toEqual(frames.map((_, index) => index + 1));
    expect(frames[0]?.data).toMatchObject({ task: { id: idOf(task) } });
    expect(frames.at(-1)?.data).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    const rest = await fetch(path, { headers: { 'last-event-id': '3' } });
    expect(await framesOf(rest)).toEqual(frames.slice(3));
    const over = await fetch(path, { headers: { 'last-event-id': String(frames.length) } });
    expect(over.status).toBe(204);
  });

  it('are followed by heartbeats while there are none', async () => {
    const task = await call('POST', '/agents/test/asking/tasks', { message: 'go', wait: true });
    const client = new AbortController();
    const response = await fetch(`${server.url}/tasks/${idOf(task)}/events`, { signal: client.signal });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.includes(': heartbeat\n\n: heartbeat\n\n')) break;
    }
    client.abort();
    expect(text).toContain('TASK_STATE_INPUT_REQUIRED');
    await call('POST', `/tasks/${idOf(task)}:cancel`);
  });

  it.each(['x', '-1', '1.5', '999'])('refuse Last-Event-ID %s', async (id) => {
    const task = await call('POST', '/agents/function/echo/tasks', { message: 'x', wait: true });
    const answer = await call('GET', `/tasks/${idOf(task)}/events`, undefined, { 'last-event-id': id });
    expect(errorOf(answer)).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field: 'Last-Event-ID' });
  });

  it.each([
    '/tasks/nothing',
    '/tasks/nothing/events',
    '/tasks/nothing/steps',
    '/tasks/0190a1b2-0000-7000-8000-000000000000',
  ])('and tasks that are not there: %s', async (path) => {
    expect(errorOf(await call('GET', path))).toMatchObject({ http: 404, reason: 'TASK_NOT_FOUND' });
  });
});

describe('sessions', () => {
  it('are created, renamed, found and deleted with their tasks', async () => {
    const session = await call('POST', '/sessions', { title: 'Old', metadata: { a: 1 } });
    const path = `/sessions/${idOf(session)}`;
    const renamed = await call('PATCH', path, { title: 'Xylophone lessons' });
    expect(renamed.body).toMatchObject({ title: 'Xylophone lessons', metadata: { a: 1 } });
    expect((await call('GET', '/sessions?q=xylo')).body['sessions']).toEqual([renamed.body]);
    expect((await call('GET', path)).body).toEqual(renamed.body);

    const running = await call('POST', '/agents/function/countdown/tasks', countdown(100, 1_000, idOf(session)));
    await until(async () => (await stateOf(idOf(running))) === 'TASK_STATE_WORKING', { what: 'the task to work' });
    const removed = await call('DELETE', path);
    expect(removed.status).toBe(204);
    expect(errorOf(await call('GET', `/tasks/${idOf(running)}`))).toMatchObject({ reason: 'TASK_NOT_FOUND' });
    for (const method of ['GET', 'DELETE']) {
      expect(errorOf(await call(method, path))).toMatchObject({ http: 404, reason: 'SESSION_NOT_FOUND' });
    }
    expect(errorOf(await call('GET', `${path}/messages`))).toMatchObject({ http: 404, reason: 'SESSION_NOT_FOUND' });
    expect(errorOf(await call('PATCH', path, { title: 'x' }))).toMatchObject({ http: 404 });
  });

  it.each([
    ['POST', '/sessions', { title: 1 }, 'title'],
    ['POST', '/sessions', { title: '' }, 'title'],
    ['POST', '/sessions', { title: 'a\0b' }, 'title'],
    ['POST', '/sessions', { metadata: [] }, 'metadata'],
    ['POST', '/sessions', [], 'body'],
    ['GET', '/sessions?pageSize=500', undefined, 'pageSize'],
    ['GET', '/sessions?pageToken=x', undefined, 'pageToken'],
    ['GET', `/sessions?q=${'x'.repeat(500)}`, undefined, 'q'],
  ])('%s %s refuses %j', async (method, path, body, field) => {
    expect(errorOf(await call(method, path, body))).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field });
  });

  it('refuse an unknown order of messages', async () => {
    const session = await call('POST', '/sessions');
    const answer = await call('GET', `/sessions/${idOf(session)}/messages?order=random`);
    expect(errorOf(answer)).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field: 'order' });
  });
});

describe('the server', () => {
  it('says that it is alive and ready', async () => {
    expect((await call('GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await call('GET', '/readyz')).body).toEqual({ status: 'ready' });
  });

  it.each([
    ['GET', '/nowhere'],
    ['PUT', '/sessions'],
  ])('answers %s %s as an error like all others', async (method, path) => {
    expect(errorOf(await call(method, path))).toMatchObject({ http: 404, reason: 'ROUTE_NOT_FOUND' });
  });

  it('says what is wrong with a path that is no text', async () => {
    expect(errorOf(await call('GET', '/tasks/%ff'))).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field: 'path' });
  });
});
