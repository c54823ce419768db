/** Every operation of A2A v1.0 through the official client, over all transports, against the built server. */
import { randomUUID } from 'node:crypto';
import { TaskState, type ListTasksRequest, type StreamResponse } from '@a2a-js/sdk';
import { ClientFactory, type Client } from '@a2a-js/sdk/client';
import {
  RequestMalformedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  answerIn,
  connect,
  conversation,
  nameOfEvent,
  request,
  send,
  stateOf,
  textOf,
  allTransports,
} from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let url: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl, CONTINUO_GRPC_PORT: '0' } }));
});

async function all(events: AsyncIterable<StreamResponse>): Promise<readonly StreamResponse[]> {
  const seen: StreamResponse[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

function listOf(filter: Partial<ListTasksRequest>): ListTasksRequest {
  const nothing = { tenant: '', contextId: '', status: TaskState.TASK_STATE_UNSPECIFIED, pageToken: '' };
  return { ...nothing, statusTimestampAfter: undefined, ...filter };
}

it('is found by the cards of its agents, and as a whole by the card of its orchestrator', async () => {
  const cards = await Promise.all(
    ['function/echo', 'function/countdown', 'context/assistant'].map(async (agent) => {
      const client = await connect(url, agent);
      return client.getAgentCard();
    }),
  );
  for (const card of cards) {
    expect(
      card.supportedInterfaces.map(({ protocolBinding, protocolVersion }) => [protocolBinding, protocolVersion]),
    ).toEqual([
      ['JSONRPC', '1.0'],
      ['HTTP+JSON', '1.0'],
      ['GRPC', '1.0'],
      ['JSONRPC', '0.3'],
      ['HTTP+JSON', '0.3'],
    ]);
    expect(card.capabilities).toMatchObject({ streaming: true, pushNotifications: true });
    expect(card.capabilities?.extensions.map(({ uri }) => uri)).toEqual([
      'urn:continuo:a2a:sessions:v1',
      'urn:continuo:a2a:progress:v1',
      'urn:continuo:a2a:tasks:v1',
    ]);
    expect(card.skills.length).toBeGreaterThan(0);
  }
  await expect(new ClientFactory().createFromUrl(url, '/agents/no/body/.well-known/agent-card.json')).rejects.toThrow(
    '404',
  );
});

describe.each(allTransports)('over %s', (transport) => {
  let echo: Client;
  let countdown: Client;
  let asking: Client;

  beforeAll(async () => {
    echo = await connect(url, 'function/echo', transport);
    countdown = await connect(url, 'function/countdown', transport);
    asking = await connect(url, 'test/asks-twice', transport);
  });

  /** A countdown that runs until somebody cancels it. */
  async function runningCountdown(): Promise<string> {
    const { id } = await send(countdown, { steps: 1_000, delayMs: 50 }, { returnImmediately: true });
    return id;
  }

  const cancel = (id: string) => countdown.cancelTask({ id, tenant: '', metadata: undefined });
  const get = (client: Client, id: string, historyLength?: number) => client.getTask({ id, tenant: '', historyLength });

  it('SendMessage waits for the end of the task', async () => {
    expect(echo.transport.protocolName).toBe(transport);
    const task = await send(echo, 'hello');
    expect(stateOf(task)).toBe('COMPLETED');
    expect(task.artifacts.map(({ name, parts }) => [name, textOf(parts)])).toEqual([['result', 'hello']]);
    expect(conversation(task)).toEqual(['user: hello']);
    expect(await get(echo, task.id)).toEqual(task);
  });

  it('SendMessage answers at once when it is asked to', async () => {
    const task = await send(countdown, { steps: 2, delayMs: 10 }, { returnImmediately: true });
    expect(['SUBMITTED', 'WORKING']).toContain(stateOf(task));
    const done = await until(
      async () => {
        const now = await get(countdown, task.id);
        return stateOf(now) === 'COMPLETED' && now;
      },
      { what: 'the countdown to complete' },
    );
    expect(done.metadata).toMatchObject({ 'urn:continuo:a2a:progress:v1': { fraction: 1, stage: 'Counted 2 of 2' } });
  });

  it('SendMessage keeps the context, and answers a repeated message with the task that it made', async () => {
    const contextId = randomUUID();
    const details = { contextId, messageId: randomUUID() };
    const first = await send(echo, 'once', details);
    expect(first.contextId).toBe(contextId);
    expect((await send(echo, 'once', details)).id).toBe(first.id);
    expect((await send(echo, 'twice', { contextId })).id).not.toBe(first.id);
  });

  it('GetTask limits the history as it is told', async () => {
    const { id } = await send(echo, 'hello');
    expect(conversation(await get(echo, id, 0))).toEqual([]);
    expect(conversation(await get(echo, id, 10))).toEqual(['user: hello']);
    expect(conversation(await send(echo, 'again', { historyLength: 1 }))).toEqual(['user: again']);
  });

  it('SendStreamingMessage begins with the task and ends with its end', async () => {
    const events = await all(countdown.sendMessageStream(request({ steps: 3, delayMs: 10 })));
    expect(events.map(nameOfEvent)).toEqual([
      'task SUBMITTED',
      'status WORKING',
      'status WORKING',
      'status WORKING',
      'status WORKING',
      'artifact countdown',
      'status COMPLETED',
    ]);
    const ids = events.map(({ payload }) => {
      if (payload?.$case === 'task') return payload.value.id;
      return payload?.$case === 'message' ? undefined : payload?.value.taskId;
    });
    expect(new Set(ids).size).toBe(1);
  });

  it('SubscribeToTask begins with the task as it is, and follows it to its end', async () => {
    const { id } = await send(countdown, { steps: 6, delayMs: 100 }, { returnImmediately: true });
    const names = (await all(countdown.resubscribeTask({ id, tenant: '' }))).map(nameOfEvent);
    expect(names[0]).toMatch(/^task (SUBMITTED|WORKING)$/);
    expect(names.slice(-2)).toEqual(['artifact countdown', 'status COMPLETED']);
    expect(names.filter((name) => name.startsWith('task'))).toHaveLength(1);
    await expect(all(countdown.resubscribeTask({ id, tenant: '' }))).rejects.toBeInstanceOf(UnsupportedOperationError);
  });

  it('SubscribeToTask is told of a cancellation', async () => {
    const id = await runningCountdown();
    const subscription = countdown.resubscribeTask({ id, tenant: '' });
    expect(nameOfEvent((await subscription.next()).value as StreamResponse)).toMatch(/^task/);
    const rest = all(subscription);
    await cancel(id);
    expect((await rest).map(nameOfEvent).at(-1)).toBe('status CANCELED');
  });

  it('CancelTask ends a task for good, once', async () => {
    const id = await runningCountdown();
    const canceled = await cancel(id);
    expect([canceled.id, stateOf(canceled)]).toEqual([id, 'CANCELED']);
    await expect(cancel(id)).rejects.toBeInstanceOf(TaskNotCancelableError);
    const events = (await get(countdown, id)).status?.timestamp;
    expect(events).toBe(canceled.status?.timestamp);
  });

  it('ListTasks shows each task once, page by page, newest first', async () => {
    const contextId = randomUUID();
    const sent: string[] = [];
    for (const text of ['a', 'b', 'c', 'd', 'e']) sent.push((await send(echo, text, { contextId })).id);
    const seen: string[] = [];
    let pageToken = '';
    let pages = 0;
    do {
      const page = await echo.listTasks(listOf({ contextId, pageSize: 2, pageToken }));
      expect(page).toMatchObject({ pageSize: 2, totalSize: 5 });
      seen.push(...page.tasks.map(({ id }) => id));
      pageToken = page.nextPageToken;
      pages += 1;
    } while (pageToken !== '');
    expect(pages).toBe(3);
    expect(seen).toEqual(sent.toReversed());
  });

  it('ListTasks filters by context, state and time, and shows what it is asked for', async () => {
    const contextId = randomUUID();
    const done = await send(echo, 'done', { contextId });
    const open = await send(asking, 'go', { contextId });
    const ids = async (client: Client, filter: Partial<ListTasksRequest>): Promise<readonly string[]> =>
      (await client.listTasks(listOf({ contextId, ...filter }))).tasks.map(({ id }) => id);

    expect(await ids(echo, {})).toEqual([done.id]);
    expect(await ids(asking, {})).toEqual([open.id]);
    expect(await ids(echo, { status: TaskState.TASK_STATE_COMPLETED })).toEqual([done.id]);
    expect(await ids(echo, { status: TaskState.TASK_STATE_FAILED })).toEqual([]);
    expect(await ids(asking, { status: TaskState.TASK_STATE_INPUT_REQUIRED })).toEqual([open.id]);
    expect(await ids(echo, { statusTimestampAfter: done.status?.timestamp })).toEqual([done.id]);
    expect(await ids(echo, { statusTimestampAfter: '2999-01-01T00:00:00Z' })).toEqual([]);
    expect(await ids(echo, { contextId: randomUUID() })).toEqual([]);

    const bare = (await echo.listTasks(listOf({ contextId }))).tasks[0];
    expect([bare?.artifacts, bare?.history]).toEqual([[], []]);
    const full = (await echo.listTasks(listOf({ contextId, includeArtifacts: true, historyLength: 1 }))).tasks[0];
    expect(textOf(full?.artifacts[0]?.parts)).toBe('done');
    expect(full === undefined ? [] : conversation(full)).toEqual(['user: done']);
    for (const pageSize of [0, 101]) await expect(ids(echo, { pageSize })).rejects.toThrow('pageSize: expected');
    await expect(ids(echo, { pageToken: 'nonsense' })).rejects.toThrow('pageToken: expected');
  });

  it('carries questions to the user and the answers back, as often as the agent asks', async () => {
    const asked = await send(asking, 'go');
    expect(stateOf(asked)).toBe('INPUT_REQUIRED');
    expect(textOf(asked.status?.message?.parts)).toBe('What is your name?');
    const { id: taskId, contextId } = asked;
    const again = await send(asking, 'Ada', { taskId, contextId });
    expect([again.id, stateOf(again)]).toEqual([taskId, 'INPUT_REQUIRED']);
    expect(textOf(again.status?.message?.parts)).toBe('Which colour do you like, Ada?');
    const events = await all(asking.sendMessageStream(request('green', { taskId })));
    expect(nameOfEvent(events[0] as StreamResponse)).toMatch(/^task/);
    expect(nameOfEvent(events.at(-1) as StreamResponse)).toMatch(/^(task|status) COMPLETED$/);
    const done = await get(asking, taskId);
    expect(conversation(done)).toEqual([
      'user: go',
      'agent: What is your name?',
      'user: Ada',
      'agent: Which colour do you like, Ada?',
      'user: green',
    ]);
    expect(conversation(await get(asking, taskId, 2))).toEqual([
      'agent: Which colour do you like, Ada?',
      'user: green',
    ]);
  });

  it('ends the stream of a message where the agent asks', async () => {
    const events = await all(asking.sendMessageStream(request('go')));
    expect(events.map(nameOfEvent)).toEqual(['task SUBMITTED', 'status WORKING', 'status INPUT_REQUIRED']);
  });

  it('refuses messages to tasks that have ended, and to tasks of another conversation', async () => {
    const { id: taskId } = await send(echo, 'done');
    await expect(send(echo, 'more', { taskId })).rejects.toBeInstanceOf(UnsupportedOperationError);
    const open = await send(asking, 'go');
    const elsewhere = { taskId: open.id, contextId: randomUUID() };
    await expect(send(asking, 'Ada', elsewhere)).rejects.toBeInstanceOf(RequestMalformedError);
    expect(stateOf(await get(asking, open.id))).toBe('INPUT_REQUIRED');
  });

  it('does not find tasks that are not there, nor those of other agents', async () => {
    const { id: another } = await send(asking, 'go');
    for (const id of ['nothing', randomUUID(), another]) {
      await expect(get(echo, id)).rejects.toBeInstanceOf(TaskNotFoundError);
      await expect(cancel(id)).rejects.toBeInstanceOf(TaskNotFoundError);
      await expect(all(echo.resubscribeTask({ id, tenant: '' }))).rejects.toBeInstanceOf(TaskNotFoundError);
      await expect(send(echo, 'hello', { taskId: id })).rejects.toBeInstanceOf(TaskNotFoundError);
    }
    expect(stateOf(await get(asking, another))).toBe('INPUT_REQUIRED');
  });

  it('opens a session for calls of one context, which stay apart for each tenant', async () => {
    const contextId = randomUUID();
    const assistant = await connect(url, 'context/assistant', transport);
    await send(assistant, 'My umbrella is purple.', { contextId });
    const remembers = await send(assistant, 'What colour is it?', { contextId });
    expect(answerIn(remembers)).toContain('My umbrella is purple.');
    const stranger = await send(assistant, 'What colour is it?');
    expect(answerIn(stranger)).not.toContain('umbrella is purple');
    // Over gRPC the tenant names the agent, too: all agents are behind one port.
    const tenant = transport === 'GRPC' ? 'somebody-else/context/assistant' : 'somebody-else';
    const elsewhere = { ...request('What colour is it?', { contextId }), tenant };
    const apart = await assistant.sendMessage(elsewhere);
    expect('id' in apart && answerIn(apart)).not.toContain('umbrella is purple');
    const { id } = remembers;
    await expect(assistant.getTask({ id, tenant })).rejects.toBeInstanceOf(TaskNotFoundError);
  });
});
