/** Streams as they go over the wire: ids on every frame, resuming behind any of them, and thousands of chunks. */
import { beforeAll, describe, expect, it } from 'vitest';
import { connect, request, send, stateOf, textOf } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf, framesOf, ResumingReader, type EventFrame } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const chunks = 5_000;
const whole = Array.from({ length: chunks }, (_, n) => `${n} `).join('');
let url: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl, CONTINUO_SSE_HEARTBEAT_MS: '50' } }));
});

function open(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0', ...headers },
    body: JSON.stringify(body),
  });
}

const message = (content: unknown) => ({
  message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ data: content }] },
});

const rpc = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 'call-1', method, params });

const idsFrom = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

/** The text of all chunks of a stream. */
function textOfChunks(frames: readonly EventFrame[]): string {
  return frames.map(({ data }) => textAt(data, 'artifactUpdate', 'artifact', 'parts', 0, 'text')).join('');
}

describe.each(['JSON-RPC', 'HTTP+JSON'])('over %s', (binding) => {
  const agent = '/agents/function/countdown';
  const json = binding === 'JSON-RPC';
  const stream = (content: unknown, headers?: Readonly<Record<string, string>>) =>
    json
      ? open(agent, rpc('SendStreamingMessage', message(content)), headers)
      : open(`${agent}/message:stream`, message(content), headers);
  const subscribe = (id: string, headers?: Readonly<Record<string, string>>) =>
    json ? open(agent, rpc('SubscribeToTask', { id }), headers) : open(`${agent}/tasks/${id}:subscribe`, {}, headers);
  const inside = (data: unknown): unknown => (json ? at(data, 'result') : data);

  it('every frame of a new task carries the seq of its event, and the envelope of the call', async () => {
    const response = await stream({ steps: 3, delayMs: 5 });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const frames = await allFramesOf(response);
    expect(frames.map(({ id }) => id)).toEqual(idsFrom(1, frames.length));
    expect(frames.every(({ data }) => !json || at(data, 'id') === 'call-1')).toBe(true);
    const taskId = textAt(inside(frames[0]?.data), 'task', 'id');
    const logged = await allFramesOf(await fetch(`${url}/tasks/${taskId}/events`));
    expect(frames.map(({ data }) => inside(data))).toEqual(logged.map(({ data }) => data));
  });

  it('a subscription resumes behind any frame with Last-Event-ID, also when the task has ended', async () => {
    const frames = await allFramesOf(await stream({ steps: 2, delayMs: 5 }));
    const taskId = textAt(inside(frames[0]?.data), 'task', 'id');
    for (const seen of [1, 3, frames.length - 1]) {
      const rest = await allFramesOf(await subscribe(taskId, { 'last-event-id': String(seen) }));
      expect(rest.map(({ id, data }) => [id, inside(data)])).toEqual(
        frames.slice(seen).map(({ id, data }) => [id, inside(data)]),
      );
    }
    const seenAll = await subscribe(taskId, { 'last-event-id': String(frames.length) });
    expect(at(await seenAll.json(), 'error', 'code')).toBe(json ? -32_004 : 400);
  });

  it('what resumes before a question that was answered since goes on behind it, up to the question that is open', async () => {
    const asks = '/agents/test/asks-twice';
    const talk = (about: object) => ({ message: { ...message('Ada').message, ...about } });
    const { task } = (await (await open(`${asks}/message:send`, talk({}))).json()) as { task: { id: string } };
    const resumed = (seen: number) => {
      const headers = { 'last-event-id': String(seen) };
      const answer = json
        ? open(asks, rpc('SubscribeToTask', { id: task.id }), headers)
        : open(`${asks}/tasks/${task.id}:subscribe`, {}, headers);
      return answer.then(allFramesOf);
    };
    const statesOf = (frames: readonly EventFrame[]) =>
      frames.map(({ data }) => textAt(inside(data), 'statusUpdate', 'status', 'state'));
    const first = await resumed(0);
    await open(`${asks}/message:send`, talk({ taskId: task.id }));
    const second = await resumed(1);
    expect(statesOf(second).filter((state) => state === 'TASK_STATE_INPUT_REQUIRED')).toHaveLength(2);
    expect(second.map(({ id }) => id)).toEqual(idsFrom(2, second.length + 1));
    expect(second.length).toBeGreaterThan(first.length);
    await open(`${asks}/message:send`, talk({ taskId: task.id }));
    expect(statesOf(await resumed(1)).at(-1)).toBe('TASK_STATE_COMPLETED');
  });

  it('a subscription to a running task goes on behind the snapshot that it begins with', async () => {
    const { id } = await send(
      await connect(url, 'function/countdown'),
      { steps: 8, delayMs: 40 },
      { returnImmediately: true },
    );
    const frames = await allFramesOf(await subscribe(id));
    const first = Number(frames[0]?.id);
    expect(inside(frames[0]?.data)).toHaveProperty('task.id', id);
    expect(frames.map((frame) => frame.id)).toEqual(idsFrom(first, first + frames.length - 1));
    const logged = await allFramesOf(await fetch(`${url}/tasks/${id}/events`));
    expect(frames.slice(1).map(({ data }) => inside(data))).toEqual(logged.slice(first).map(({ data }) => data));
  });

  it('loses no event to the id of another stream, and to what is no id nothing is begun', async () => {
    const counted = async (): Promise<unknown> =>
      at((await call('GET', `${url}/tasks?agent=function/countdown`)).body, 'totalSize');
    const fresh = message({ steps: 1, delayMs: 5 }).message;
    const said = { message: { ...fresh, contextId: crypto.randomUUID() } };
    const say = (id: string) =>
      json
        ? open(agent, rpc('SendStreamingMessage', said), { 'last-event-id': id })
        : open(`${agent}/message:stream`, said, { 'last-event-id': id });
    const before = await counted();
    const field = textAt(await (await say('three')).json(), 'error', json ? 'data' : 'details', 0, 'metadata', 'field');
    expect(field).toBe('Last-Event-ID');
    expect(await counted()).toBe(before);

    const frames = await allFramesOf(await say('3'));
    expect(frames.map(({ id }) => id)).toEqual(idsFrom(1, frames.length));
    const again = await allFramesOf(await say('999'));
    expect(inside(again[0]?.data)).toHaveProperty('task.status.state', 'TASK_STATE_COMPLETED');
    const behind = await allFramesOf(await say('3'));
    expect(behind.map(({ id }) => id)).toEqual(idsFrom(4, frames.length));

    const { id } = await send(
      await connect(url, 'function/countdown'),
      { steps: 100, delayMs: 100 },
      { returnImmediately: true },
    );
    const refused = await subscribe(id, { 'last-event-id': '999' });
    expect(textAt(await refused.json(), 'error', 'message')).toContain('Last-Event-ID: expected');
    await call('POST', `${url}/tasks/${id}:cancel`);
  });

  it('a silent stream is kept open by comments', async () => {
    const response = await stream({ steps: 1, delayMs: 400 });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
    expect(text.split(': heartbeat\n\n').length).toBeGreaterThan(2);
  });

  it.each(['x', '-1'])('refuses Last-Event-ID %s', async (id) => {
    const response = await stream({ steps: 1, delayMs: 0 }, { 'last-event-id': id });
    const body: unknown = await response.json();
    expect(at(body, 'error', 'code')).toBe(json ? -32602 : 400);
    expect(at(body, 'error', 'message')).toContain('Last-Event-ID');
  });
});

describe(`a stream of ${chunks} chunks`, () => {
  it('reassembles exactly, live and from the log, and is one part of one artifact afterwards', async () => {
    const client = await connect(url, 'test/streams');
    const texts: string[] = [];
    let taskId = '';
    for await (const { payload } of client.sendMessageStream(request({ chunks }))) {
      if (payload?.$case === 'task') taskId = payload.value.id;
      if (payload?.$case === 'artifactUpdate') texts.push(textOf(payload.value.artifact?.parts));
    }
    expect(texts.join('')).toBe(whole);

    const task = await client.getTask({ id: taskId, tenant: '', historyLength: 0 });
    expect(stateOf(task)).toBe('COMPLETED');
    expect(task.artifacts.map(({ name, parts }) => [name, parts.length])).toEqual([['numbers', 1]]);
    expect(textOf(task.artifacts[0]?.parts)).toBe(whole);

    const logged = await allFramesOf(await fetch(`${url}/tasks/${taskId}/events`));
    expect(logged.map(({ id }) => id)).toEqual(idsFrom(1, logged.length));
    expect(textOfChunks(logged)).toBe(whole);
  });

  it('reassembles exactly for readers that leave and come back, and for one that reads slowly', async () => {
    const { body } = await call('POST', `${url}/agents/test/streams/tasks`, { body: message({ chunks }) });
    const events = `${url}/tasks/${textAt(body, 'id')}/events`;
    const leaving = new ResumingReader(events);
    const readInPieces = async (): Promise<void> => {
      let left = 0;
      const enough = (): boolean => leaving.frames.length >= left + 400;
      while ((await leaving.read(enough)) !== 'ended') left = leaving.frames.length;
    };
    const readSlowly = async (): Promise<readonly EventFrame[]> => {
      const frames: EventFrame[] = [];
      for await (const frame of framesOf(await fetch(events))) {
        frames.push(frame);
        // Reading on only when the other reader is further: the server has to wait, not to buffer.
        while (leaving.frames.length < Math.min(frames.length, chunks)) await new Promise(setImmediate);
      }
      return frames;
    };
    const [, slow] = await Promise.all([readInPieces(), readSlowly()]);
    expect(leaving.ids).toEqual(idsFrom(1, leaving.frames.length));
    expect(textOfChunks(leaving.frames)).toBe(whole);
    expect(slow).toEqual(leaving.frames);
  });
});
