/** Experimental: A2A 1.1 (branch dev-1.1), for whoever asks for it: generations, GetTask that waits, messages for one generation alone. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { startReceiver } from '../support/webhook-receiver.js';

const entry = fileURLToPath(new URL('../support/agents-server.mjs', import.meta.url));
const v = (version: string) => ({ 'a2a-version': version });

let url: string;
const agentAt = (name: string): string => `${url}/agents/${name}`;

beforeAll(async () => {
  // Fewer connections than requests that wait.
  const env = { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_DATABASE_POOL: '2' };
  ({ url } = await startServer({ entry, env }));
});

interface Asked {
  readonly version?: string;
  readonly configuration?: object;
  readonly taskId?: string;
}

function params(words: string | object, { configuration, taskId }: Asked = {}) {
  const part = typeof words === 'string' ? { text: words } : { data: words };
  const message = {
    messageId: randomUUID(),
    role: 'ROLE_USER',
    parts: [part],
    ...(taskId === undefined ? {} : { taskId }),
  };
  return { message, ...(configuration === undefined ? {} : { configuration }) };
}

/** Both bindings of A2A over HTTP; each answers with what JSON-RPC has as its result. */
const bindings = {
  'JSON-RPC': {
    send: async (agent: string, words: string | object, asked: Asked = {}) =>
      result(await callRpc(agentAt(agent), 'SendMessage', params(words, asked), v(asked.version ?? '1.1'))),
    get: async (agent: string, id: string, more: object = {}, version = '1.1') =>
      result(await callRpc(agentAt(agent), 'GetTask', { id, ...more }, v(version))),
    list: async (agent: string, version = '1.1') => result(await callRpc(agentAt(agent), 'ListTasks', {}, v(version))),
    stream: (agent: string, version = '1.1') =>
      fetch(agentAt(agent), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...v(version) },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params: params('hello') }),
      }),
  },
  'HTTP+JSON': {
    send: async (agent: string, words: string | object, asked: Asked = {}) => {
      const headers = v(asked.version ?? '1.1');
      return result(await call('POST', `${agentAt(agent)}/message:send`, { body: params(words, asked), headers }));
    },
    get: async (agent: string, id: string, more: object = {}, version = '1.1') => {
      const query = new URLSearchParams(
        Object.entries(more).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return result(await call('GET', `${agentAt(agent)}/tasks/${id}?${query.toString()}`, { headers: v(version) }));
    },
    list: async (agent: string, version = '1.1') =>
      result(await call('GET', `${agentAt(agent)}/tasks`, { headers: v(version) })),
    stream: (agent: string, version = '1.1') =>
      fetch(`${agentAt(agent)}/message:stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...v(version) },
        body: JSON.stringify(params('hello')),
      }),
  },
} as const;

const result = ({ body }: Answer): unknown => at(body, 'result') ?? body;
const stateOf = (task: unknown): string => textAt(task, 'status', 'state').replace('TASK_STATE_', '');

describe.each(Object.entries(bindings))('over %s', (binding, { send, get, list, stream }) => {
  it('a task has the number of its last event, and each event its own, from 1 on', async () => {
    const frames = (await allFramesOf(await stream('function/echo'))).map(({ data }) => at(data, 'result') ?? data);
    const said = frames.map((frame) => Object.values(frame as object)[0] as unknown);
    expect(said.map((event) => at(event, 'generation'))).toEqual(said.map((_, index) => index + 1));
    const id = textAt(said[0], 'id');
    expect(at(await get('function/echo', id), 'generation')).toBe(said.length);

    const task = at(await send('function/echo', 'hello'), 'task');
    expect(at(task, 'generation')).toBe(said.length);
    const tasks = at(await list('function/echo'), 'tasks');
    for (const one of Array.isArray(tasks) ? tasks : [undefined]) expect(at(one, 'generation')).toBe(said.length);
  });

  it('GetTask waits until the task goes on, and for one that has ended does not', async () => {
    const sent = await send(
      'function/countdown',
      { steps: 3, delayMs: 20 },
      { configuration: { returnImmediately: true } },
    );
    const id = textAt(sent, 'task', 'id');
    const seen = [Number(at(sent, 'task', 'generation'))];
    let task = at(sent, 'task');
    while (stateOf(task) !== 'COMPLETED') {
      task = await get('function/countdown', id, { currentGeneration: seen.at(-1) });
      seen.push(Number(at(task, 'generation')));
    }
    // Nothing but the end of the task answers without news.
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    expect(at(await get('function/countdown', id, { currentGeneration: 1_000 }), 'generation')).toBe(seen.at(-1));
  });

  it('a message for another generation is refused and changes nothing; one for this goes on', async () => {
    const asks = at(await send('test/asks-twice', 'go', { configuration: { ifGenerationMatch: 77 } }), 'task');
    const taskId = textAt(asks, 'id');
    const generation = Number(at(asks, 'generation'));
    expect(stateOf(asks)).toBe('INPUT_REQUIRED');
    const refused = await send('test/asks-twice', 'Ada', {
      taskId,
      configuration: { ifGenerationMatch: generation - 1 },
    });
    expect(at(refused, 'error')).toMatchObject({
      code: binding === 'JSON-RPC' ? -32_010 : 409,
      ...(binding === 'JSON-RPC' ? {} : { status: 'ABORTED' }),
      [binding === 'JSON-RPC' ? 'data' : 'details']: [
        {
          reason: 'TASK_GENERATION_MISMATCH',
          domain: 'a2a-protocol.org',
          metadata: { taskId, expectedGeneration: String(generation - 1), currentGeneration: String(generation) },
        },
      ],
    });
    expect(at(await get('test/asks-twice', taskId), 'generation')).toBe(generation);
    const answered = await send('test/asks-twice', 'Ada', { taskId, configuration: { ifGenerationMatch: generation } });
    expect(textAt(answered, 'task', 'status', 'message', 'parts', 0, 'text')).toContain('Ada');
    expect(Number(at(answered, 'task', 'generation'))).toBeGreaterThan(generation);
  });

  it('what can be no generation is refused with its field', async () => {
    const { id } = at(await send('function/echo', 'hello'), 'task') as { readonly id: string };
    for (const wrong of [
      await get('function/echo', id, { currentGeneration: -1 }),
      await send('function/echo', 'hello', { configuration: { ifGenerationMatch: 'many' } }),
    ]) {
      const error = JSON.stringify(at(wrong, 'error'));
      expect(error).toMatch(/INVALID_(PARAMS|ARGUMENT)/);
      expect(error).toMatch(/currentGeneration|configuration\.ifGenerationMatch/);
      expect(error).toContain('expected a whole number');
    }
  });

  it.each(['1.0', ''])('a client of version "%s" sees nothing of it', async (version) => {
    const sent = await send('function/echo', 'hello', { version, configuration: { ifGenerationMatch: 'many' } });
    const id = textAt(sent, 'task', 'id');
    const frames = await allFramesOf(await stream('function/echo', version));
    const all = [sent, await get('function/echo', id, { currentGeneration: 'none' }, version), frames];
    expect(JSON.stringify([...all, await list('function/echo', version)])).not.toContain('eneration');
    const waiting = at(await send('test/asks-twice', 'go', { version }), 'task');
    const now = await get('test/asks-twice', textAt(waiting, 'id'), { currentGeneration: 1_000 }, version);
    expect(stateOf(now)).toBe('INPUT_REQUIRED');
  });
});

const { get: getTask, send: sendMessage } = bindings['JSON-RPC'];

it('the version may stand in the query, and in snake_case what it brings', async () => {
  const body = { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: params('hello') };
  const { body: sent } = await call('POST', `${agentAt('function/echo')}?A2A-Version=1.1`, { body });
  const task = at(sent, 'result', 'task');
  expect(at(task, 'generation')).toBe(4);
  expect(at(await getTask('function/echo', textAt(task, 'id'), { current_generation: '2' }), 'generation')).toBe(4);
});

it('streams that begin in the middle, cancelled tasks and events that are too large for memory have theirs, too', async () => {
  const asks = at(await sendMessage('test/asks-twice', 'go'), 'task');
  const id = textAt(asks, 'id');
  const subscription = await fetch(`${agentAt('test/asks-twice')}/tasks/${id}:subscribe`, { headers: v('1.1') });
  const canceled = await callRpc(agentAt('test/asks-twice'), 'CancelTask', { id }, v('1.1'));
  const generation = Number(at(asks, 'generation'));
  expect(at(canceled.body, 'result', 'generation')).toBe(generation + 1);
  const [first, last] = (await allFramesOf(subscription)).map(({ data }) => data);
  expect([at(first, 'task', 'generation'), at(last, 'statusUpdate', 'generation')]).toEqual([
    generation,
    generation + 1,
  ]);

  const large = await sendMessage('function/echo', 'x'.repeat(3_000_000), {
    configuration: { returnImmediately: true },
  });
  const taskId = textAt(large, 'task', 'id');
  const headers = { ...v('1.1'), 'last-event-id': '0' };
  const log = await allFramesOf(await fetch(`${agentAt('function/echo')}/tasks/${taskId}:subscribe`, { headers }));
  const events = log.map(({ data }) => Object.values(data as object)[0] as unknown);
  expect(events.map((event) => at(event, 'generation'))).toEqual(events.map((_, index) => index + 1));
  expect(events.map((event) => JSON.stringify(event).length > 3_000_000)).toContain(true);
});

it('requests that wait hold no connection, and all hear of the news', async () => {
  const asks = at(await sendMessage('test/asks-twice', 'go'), 'task');
  const taskId = textAt(asks, 'id');
  const currentGeneration = Number(at(asks, 'generation'));
  const waiting = Array.from({ length: 20 }, () => getTask('test/asks-twice', taskId, { currentGeneration }));
  for (let n = 0; n < 5; n += 1)
    expect(stateOf(at(await sendMessage('function/echo', 'hello'), 'task'))).toBe('COMPLETED');
  await sendMessage('test/asks-twice', 'Ada', { taskId, configuration: { ifGenerationMatch: currentGeneration } });
  for (const task of await Promise.all(waiting))
    expect(Number(at(task, 'generation'))).toBeGreaterThan(currentGeneration);
});

it('of messages at once for the same generation of a task that works, one gets through', async () => {
  const immediately = { configuration: { returnImmediately: true } };
  const { id: taskId } = at(await sendMessage('test/endless-child', 'go', immediately), 'task') as {
    readonly id: string;
  };
  const atWork = await until(
    async () => {
      const task = await getTask('test/endless-child', taskId);
      return stateOf(task) === 'WORKING' && task;
    },
    { what: 'the task to work' },
  );
  const generation = Number(at(atWork, 'generation'));
  const configuration = { returnImmediately: true, ifGenerationMatch: generation };
  const words = ['one', 'two', 'three', 'four', 'five'];
  const answers = await Promise.all(
    words.map((word) => sendMessage('test/endless-child', word, { taskId, configuration })),
  );
  const codes = answers.map((answer) => at(answer, 'error', 'code')).filter((code) => code !== undefined);
  expect(codes).toEqual([-32_010, -32_010, -32_010, -32_010]);
  await callRpc(agentAt('test/endless-child'), 'CancelTask', { id: taskId });
});

it('a receiver whose client speaks 1.1 is told of generations, and no other', async () => {
  const receiver = await startReceiver();
  for (const version of ['1.1', '1.0']) {
    const endpoint = receiver.at(version);
    const configuration = { taskPushNotificationConfig: { url: endpoint.url } };
    await sendMessage('function/echo', 'hello', { version, configuration });
    const told = await until(() => endpoint.received.length === 4 && endpoint.received, { what: 'four deliveries' });
    const generations = told.map(({ body }) => at(Object.values(body as object)[0], 'generation'));
    expect(generations).toEqual(version === '1.1' ? [1, 2, 3, 4] : [undefined, undefined, undefined, undefined]);
  }
});

it('cards do not name it', async () => {
  const { body } = await call('GET', `${agentAt('function/echo')}/.well-known/agent-card.json`, { headers: v('1.1') });
  const interfaces = at(body, 'supportedInterfaces');
  expect(JSON.stringify(interfaces)).not.toContain('"1.1"');
});
