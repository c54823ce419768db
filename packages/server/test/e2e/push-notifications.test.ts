/** A2A's push notifications through the official client: every operation on every transport, in its receiver's version. */
import { randomUUID } from 'node:crypto';
import type { TaskPushNotificationConfig } from '@a2a-js/sdk';
import type { Client } from '@a2a-js/sdk/client';
import { RequestMalformedError, TaskNotFoundError } from '@a2a-js/sdk/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { connect, connectOld, request, send, transports } from '../support/a2a-client.js';
import { at, call, callRpc } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import {
  answer,
  startReceiver,
  type Received,
  type Receiver,
  type ReceiverEndpoint,
} from '../support/webhook-receiver.js';

let url: string;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  ({ url } = await startServer());
});

function configFor(taskId: string, details: Partial<TaskPushNotificationConfig> = {}): TaskPushNotificationConfig {
  return { tenant: '', id: '', taskId, url: receiver.at('any').url, token: '', authentication: undefined, ...details };
}

/** All that comes until the task has ended. */
function untilEnded({ received }: ReceiverEndpoint): Promise<readonly Received[]> {
  return until(() => received.some(({ raw }) => /COMPLETED|"completed"/.test(raw)) && [...received], {
    what: `the end of the task; so far ${JSON.stringify(received.map(({ body }) => body))}`,
  });
}

describe.each(transports)('over %s', (transport) => {
  let echo: Client;

  beforeAll(async () => {
    echo = await connect(url, 'function/echo', transport);
  });

  it('a config that comes with the message gets every event, with token and authentication', async () => {
    const endpoint = receiver.at(randomUUID());
    const wanted = request('hello');
    const authentication = { scheme: 'Bearer', credentials: 's3cret' };
    const config = configFor('', { id: 'mine', url: endpoint.url, token: 'tok-1', authentication });
    if (wanted.configuration !== undefined) wanted.configuration.taskPushNotificationConfig = config;
    const task = await echo.sendMessage(wanted);
    const taskId = 'id' in task ? task.id : '';
    const received = await untilEnded(endpoint);
    expect(received.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(received.map(({ body }) => Object.keys(body as object))).toEqual([
      ['task'],
      ['statusUpdate'],
      ['artifactUpdate'],
      ['statusUpdate'],
    ]);
    for (const one of received) {
      expect(one.taskId).toBe(taskId);
      expect(one.headers).toMatchObject({
        'content-type': 'application/a2a+json',
        'x-a2a-notification-token': 'tok-1',
        authorization: 'Bearer s3cret',
        'webhook-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    }
    const found = await echo.getTaskPushNotificationConfig({ taskId, id: 'mine', tenant: '' });
    expect(found).toMatchObject({ id: 'mine', taskId, url: endpoint.url });
    expect(JSON.stringify(found)).not.toMatch(/s3cret|tok-1/);
  });

  it('streams and tells the receiver at once', async () => {
    const endpoint = receiver.at(randomUUID());
    const wanted = request('hello');
    if (wanted.configuration !== undefined) {
      wanted.configuration.taskPushNotificationConfig = configFor('', { url: endpoint.url });
    }
    const events: unknown[] = [];
    for await (const event of echo.sendMessageStream(wanted)) events.push(event);
    expect(await untilEnded(endpoint)).toHaveLength(events.length);
  });

  it('keeps any number for a task, also for one that has ended; deletes each once or twice', async () => {
    const { id: taskId } = await send(echo, 'hello');
    const ids = { taskId, tenant: '' };
    const made = await echo.createTaskPushNotificationConfig(configFor(taskId));
    expect(made.id).not.toBe('');
    const named = { id: 'named', token: 'tok-2', authentication: { scheme: 'Basic', credentials: 'bWU6cHc=' } };
    expect(await echo.createTaskPushNotificationConfig(configFor(taskId, named))).toMatchObject(named);
    await echo.createTaskPushNotificationConfig(configFor(taskId, { ...named, url: receiver.at('changed').url }));
    const { configs } = await echo.listTaskPushNotificationConfig({ ...ids, pageSize: 0, pageToken: '' });
    expect(configs.map((config) => [config.id, config.url])).toEqual([
      [made.id, receiver.at('any').url],
      ['named', receiver.at('changed').url],
    ]);
    expect(JSON.stringify(configs)).not.toMatch(/tok-2|bWU6cHc=/);
    for (const id of ['named', 'named']) await echo.deleteTaskPushNotificationConfig({ ...ids, id });
    await expect(echo.getTaskPushNotificationConfig({ ...ids, id: 'named' })).rejects.toBeInstanceOf(TaskNotFoundError);
    const left = await echo.listTaskPushNotificationConfig({ ...ids, pageSize: 0, pageToken: '' });
    expect(left.configs).toHaveLength(1);
  });

  it('refuses what is no config, and tasks that are not there', async () => {
    const { id: taskId } = await send(echo, 'hello');
    const refused = [{ url: 'nonsense' }, { url: 'http://10.0.0.1/' }, { token: 'two\nlines' }];
    for (const wrong of refused) {
      await expect(echo.createTaskPushNotificationConfig(configFor(taskId, wrong))).rejects.toBeInstanceOf(
        RequestMalformedError,
      );
    }
    const nowhere = { taskId: randomUUID(), id: 'c', tenant: '' };
    await expect(echo.createTaskPushNotificationConfig(configFor(nowhere.taskId))).rejects.toBeInstanceOf(
      TaskNotFoundError,
    );
    await expect(echo.getTaskPushNotificationConfig(nowhere)).rejects.toBeInstanceOf(TaskNotFoundError);
    await expect(echo.deleteTaskPushNotificationConfig(nowhere)).rejects.toBeInstanceOf(TaskNotFoundError);
    const countdown = await connect(url, 'function/countdown', transport);
    await expect(countdown.createTaskPushNotificationConfig(configFor(taskId))).rejects.toBeInstanceOf(
      TaskNotFoundError,
    );
    const before = await call('GET', `${url}/tasks`);
    const wanted = request('hello');
    if (wanted.configuration !== undefined) {
      wanted.configuration.taskPushNotificationConfig = configFor('', { url: 'nonsense' });
    }
    await expect(echo.sendMessage(wanted)).rejects.toBeInstanceOf(RequestMalformedError);
    expect(at((await call('GET', `${url}/tasks`)).body, 'totalSize')).toBe(at(before.body, 'totalSize'));
  });

  it('a client of 0.3 gets the task in the form of 0.3', async () => {
    const endpoint = receiver.at(randomUUID());
    const client = await connectOld(url, 'function/countdown', transport);
    const wanted = request({ steps: 3, delayMs: 20 }, { returnImmediately: true });
    if (wanted.configuration !== undefined) {
      wanted.configuration.taskPushNotificationConfig = configFor('', { id: 'old', url: endpoint.url, token: 'tok-3' });
    }
    const task = await client.sendMessage(wanted);
    const taskId = 'id' in task ? task.id : '';
    const received = await untilEnded(endpoint);
    for (const { body, headers } of received) {
      expect(body).toMatchObject({ kind: 'task', id: taskId });
      expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-a2a-notification-token': 'tok-3' });
    }
    expect(received.at(-1)?.body).toMatchObject({ status: { state: 'completed' } });

    const config = configFor(taskId, { id: 'second', url: endpoint.url });
    expect(await client.createTaskPushNotificationConfig(config)).toMatchObject({ id: 'second' });
    const { configs } = await client.listTaskPushNotificationConfig({ taskId, tenant: '', pageSize: 0, pageToken: '' });
    expect(configs.map(({ id }) => id)).toEqual(['old', 'second']);
    expect((await client.getTaskPushNotificationConfig({ taskId, id: 'old', tenant: '' })).url).toBe(endpoint.url);
    await client.deleteTaskPushNotificationConfig({ taskId, id: 'old', tenant: '' });
    await expect(client.getTaskPushNotificationConfig({ taskId, id: 'old', tenant: '' })).rejects.toThrow(
      /no push notification config old/,
    );
  });
});

it('a message that is sent again keeps one config, and its task', async () => {
  const endpoint = receiver.at(randomUUID());
  endpoint.always(answer(200));
  const message = { messageId: randomUUID(), contextId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] };
  const params = { message, configuration: { taskPushNotificationConfig: { url: endpoint.url } } };
  const answers = [1, 2].map(() => callRpc(`${url}/agents/function/echo`, 'SendMessage', params));
  const ids = (await Promise.all(answers)).map(({ body }) => at(body, 'result', 'task', 'id'));
  expect(ids[0]).toBe(ids[1]);
  const list = await callRpc(`${url}/agents/function/echo`, 'ListTaskPushNotificationConfigs', { taskId: ids[0] });
  expect(at(list.body, 'result', 'configs')).toEqual([{ id: ids[0], taskId: ids[0], url: endpoint.url }]);
  expect((await untilEnded(endpoint)).map(({ seq }) => seq)).toContain(4);
});

it('a deleted session takes its configs and deliveries along', async () => {
  const endpoint = receiver.at(randomUUID());
  endpoint.always(answer(500));
  const contextId = randomUUID();
  const message = { messageId: randomUUID(), contextId, role: 'ROLE_USER', parts: [{ text: 'hello' }] };
  const params = { message, configuration: { taskPushNotificationConfig: { url: endpoint.url } } };
  const { body } = await callRpc(`${url}/agents/function/echo`, 'SendMessage', params);
  const taskId = String(at(body, 'result', 'task', 'id'));
  await until(() => endpoint.received.length > 0, { what: 'the first attempt' });
  expect((await call('DELETE', `${url}/sessions/${contextId}`)).status).toBe(204);
  const deliveries = await call('GET', `${url}/webhooks/deliveries?taskId=${taskId}`);
  expect(at(deliveries.body, 'deliveries')).toEqual([]);
});
