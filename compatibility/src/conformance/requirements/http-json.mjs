/** What is particular to HTTP+JSON (section 11). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { must, should } from '../requirement.mjs';
import { eventsOf } from '../ports/http.mjs';

const only = { on: ['HTTP+JSON'] };
const http = async (t, ...request) => (await t.port()).http(...request);
const send = (t, path = '/message:send', headers = {}) =>
  http(t, 'POST', path, { body: { message: t.message() }, headers });
const isA2A = (response) =>
  ok(
    response.headers.get('content-type')?.startsWith('application/a2a+json'),
    `${response.url}: ${response.headers.get('content-type')}`,
  );

export const httpJson = [
  should(
    '11.1',
    'Answers are application/a2a+json: of messages, tasks and lists.',
    async (t) => {
      const sent = await send(t);
      isA2A(sent);
      const { id } = (await sent.json()).task;
      for (const path of [`/tasks/${id}`, '/tasks', `/tasks/${id}/pushNotificationConfigs`])
        isA2A(await http(t, 'GET', path));
    },
    only,
  ),
  should(
    '11.1',
    'Errors are application/a2a+json, too.',
    async (t) => {
      for (const path of ['/tasks/nothing', '/tasks?pageSize=0']) isA2A(await http(t, 'GET', path));
      isA2A(await http(t, 'POST', '/message:send', { body: '{' }));
    },
    only,
  ),
  must(
    '11.1',
    'Requests may be application/json as well.',
    async (t) => {
      equal((await send(t, '/message:send', { 'content-type': 'application/json' })).status, 200);
    },
    only,
  ),
  must(
    '11.1',
    'Streams are text/event-stream.',
    async (t) => {
      const response = await send(t, '/message:stream');
      ok(response.headers.get('content-type')?.startsWith('text/event-stream'));
      await response.text();
    },
    only,
  ),
  must(
    '11.2',
    'Names of headers are taken in any case.',
    async (t) => {
      equal((await send(t, '/message:send', { 'a2a-version': undefined, 'A2A-VERSION': '99.0' })).status, 400);
    },
    only,
  ),
  must(
    '11.3.2',
    'A task may be subscribed to with POST, and with GET as the proto has it.',
    async (t) => {
      for (const method of ['POST', 'GET']) {
        const { id } = await t.beginLong();
        const response = await (await t.port('waits')).http(method, `/tasks/${id}:subscribe`);
        for await (const { task } of eventsOf(response)) {
          equal(task?.id, id);
          break;
        }
        await t.cancel(id);
      }
    },
    only,
  ),
  must(
    '11.5',
    'Parameters in the query are in camelCase, of their types, and decoded.',
    async (t) => {
      const contextId = `a context & more/ü ${randomUUID()}`;
      const { id } = await t.begin('answers', { fields: { contextId } });
      const query = `contextId=${encodeURIComponent(contextId)}&includeArtifacts=true&pageSize=5&status=TASK_STATE_COMPLETED`;
      const { tasks } = await (await http(t, 'GET', `/tasks?${query}`)).json();
      deepEqual(
        tasks.map((task) => [task.id, task.artifacts.length > 0]),
        [[id, true]],
      );
    },
    only,
  ),
  must(
    '11.5',
    'Parameters in the query that are wrong are refused.',
    async (t) => {
      for (const query of [
        'pageSize=many',
        'status=TASK_STATE_RUNNING',
        'includeArtifacts=maybe',
        'statusTimestampAfter=soon',
      ]) {
        equal((await http(t, 'GET', `/tasks?${query}`)).status, 400, query);
      }
    },
    only,
  ),
  must(
    '11.6',
    'An error is a google.rpc.Status in `error`: code, status, message, details.',
    async (t) => {
      const response = await http(t, 'GET', '/tasks/nothing');
      const { error } = await response.json();
      deepEqual(
        [response.status, error?.code, error?.status, typeof error?.message],
        [404, 404, 'NOT_FOUND', 'string'],
      );
      ok(Array.isArray(error.details));
    },
    only,
  ),
  must(
    '11.6',
    'An error of A2A has an ErrorInfo with reason, and the domain a2a-protocol.org.',
    async (t) => {
      const { error } = await (await http(t, 'GET', '/tasks/nothing')).json();
      const info = error.details.find((detail) => detail['@type'] === 'type.googleapis.com/google.rpc.ErrorInfo');
      deepEqual([info?.reason, info?.domain], ['TASK_NOT_FOUND', 'a2a-protocol.org']);
    },
    only,
  ),
  must(
    '11.6',
    'An error of ListTasks is a google.rpc.Status, too.',
    async (t) => {
      const { error } = await (await http(t, 'GET', '/tasks?pageSize=0')).json();
      deepEqual([error?.code, error?.status], [400, 'INVALID_ARGUMENT']);
      ok(error.details.length > 0);
    },
    only,
  ),
  must(
    '11.7',
    'Each event of a stream is a StreamResponse by itself.',
    async (t) => {
      for await (const event of eventsOf(await send(t, '/message:stream'))) {
        equal(event.jsonrpc, undefined);
        equal(Object.keys(event).length, 1);
      }
    },
    only,
  ),
];
