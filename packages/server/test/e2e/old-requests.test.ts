/** Requests of A2A 0.3 that are wrong: refused as such, where the SDK's reader would stumble, or take them for something else. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

const { url } = await startServer({});
const echo = `${url}/agents/function/echo`;
const headers = { 'a2a-version': '0.3' };

const said = (part: unknown) => ({ message: { kind: 'message', messageId: 'm', role: 'user', parts: [part] } });
const file = (inside: unknown) => said({ kind: 'file', file: inside });
const hello = said({ kind: 'text', text: 'hello' });
const sent = (member: object) => ({ message: { ...hello.message, ...member } });
const configured = (configuration: unknown) => ({ ...hello, configuration });
const push = (pushNotificationConfig: unknown) => configured({ pushNotificationConfig });

it.each([
  ['a file part without a file', 'message/send', said({ kind: 'file' }), 'message.parts[0].file'],
  ['null for a file', 'message/stream', file(null), 'message.parts[0].file'],
  ['a number for bytes', 'message/send', file({ bytes: 5 }), 'message.parts[0].file.bytes'],
  ['bytes that are no Base64', 'message/send', file({ bytes: '***' }), 'message.parts[0].file.bytes'],
  [
    'bytes beside an address',
    'message/send',
    file({ bytes: 'aGk=', uri: 'https://a.example' }),
    'message.parts[0].file',
  ],
  ['a number for metadata', 'message/send', { ...hello, metadata: 5 }, 'metadata'],
  ['a list for metadata', 'message/stream', sent({ metadata: [] }), 'message.metadata'],
  ['a number for metadata', 'tasks/cancel', { id: 't', metadata: 5 }, 'metadata'],
  ['a role of 1.0', 'message/send', sent({ role: 'ROLE_USER' }), 'message.role'],
  ['no role', 'message/send', sent({ role: undefined }), 'message.role'],
  ['a text for a length', 'message/send', configured({ historyLength: '1' }), 'configuration.historyLength'],
  ['a length below 0', 'tasks/get', { id: 't', historyLength: -1 }, 'historyLength'],
  ['params in a list', 'tasks/get', ['t'], 'params'],
  ['no params', 'message/send', undefined, 'params'],
  [
    'credentials without a scheme',
    'tasks/pushNotificationConfig/set',
    {
      taskId: 't',
      pushNotificationConfig: { url: 'http://127.0.0.1:1', authentication: { schemes: [], credentials: 'c' } },
    },
    'pushNotificationConfig.authentication.schemes',
  ],
  ['another kind of part', 'message/send', said({ kind: 'video' }), 'message.parts[0].kind'],
  ['a text for extensions', 'message/send', sent({ extensions: 'urn:x' }), 'message.extensions'],
  ['an object for extensions', 'message/send', sent({ extensions: {} }), 'message.extensions'],
  ['a number for references', 'message/send', sent({ referenceTaskIds: 7 }), 'message.referenceTaskIds'],
  ['a text for a configuration', 'message/send', configured('x'), 'configuration'],
  [
    'a text for output modes',
    'message/send',
    configured({ acceptedOutputModes: 'text' }),
    'configuration.acceptedOutputModes',
  ],
  [
    'numbers for output modes',
    'message/send',
    configured({ acceptedOutputModes: [5] }),
    'configuration.acceptedOutputModes[0]',
  ],
  [
    'a text for schemes',
    'message/send',
    push({ url: 'http://127.0.0.1:1', authentication: { schemes: 'Bearer' } }),
    'configuration.pushNotificationConfig.authentication.schemes',
  ],
  ['no id', 'tasks/get', {}, 'id'],
  ['no id', 'tasks/cancel', {}, 'id'],
  ['no id', 'tasks/resubscribe', {}, 'id'],
  ['no id', 'tasks/pushNotificationConfig/list', {}, 'id'],
  ['no task', 'tasks/pushNotificationConfig/set', { pushNotificationConfig: { url: 'http://127.0.0.1:1' } }, 'taskId'],
  ['no config', 'tasks/pushNotificationConfig/set', { taskId: 't' }, 'pushNotificationConfig'],
  [
    'null for a config',
    'tasks/pushNotificationConfig/set',
    { taskId: 't', pushNotificationConfig: null },
    'pushNotificationConfig',
  ],
  ['no id of a config', 'tasks/pushNotificationConfig/delete', { id: 't' }, 'pushNotificationConfigId'],
  [
    'an object for the id of a config',
    'tasks/pushNotificationConfig/delete',
    { id: 't', pushNotificationConfigId: {} },
    'pushNotificationConfigId',
  ],
])('%s is refused: %s', async (_what, method, params, field) => {
  const { status, body } = await callRpc(echo, method, params, headers);
  expect(status).toBe(200);
  expect(at(body, 'error')).toMatchObject({ code: -32602, data: [{ metadata: { field } }, {}] });
});

it.each([
  ['null', null, 'message.content[0]'],
  ['a number for bytes', { file: { fileWithBytes: 5 } }, 'message.content[0].file.fileWithBytes'],
  ['bytes that are no Base64', { file: { file_with_bytes: '***' } }, 'message.content[0].file.fileWithBytes'],
  ['a number for data', { data: 5 }, 'message.content[0].data'],
  ['empty', {}, 'message.content[0]'],
  ['a text and data', { text: 'x', data: { a: 1 } }, 'message.content[0]'],
])('over HTTP+JSON a part that is %s is refused', async (_what, part, field) => {
  const body = { message: { messageId: 'm', role: 'ROLE_USER', content: [part] } };
  for (const path of ['/v1/message:send', '/v1/message:stream']) {
    const answer = await call('POST', echo + path, { body, headers });
    expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ metadata: { field } }, {}] } } });
  }
});

it.each([
  ['a number for metadata', { message: { metadata: 5 } }, 'message.metadata'],
  ['a role of 0.3 over JSON-RPC', { message: { role: 'user' } }, 'message.role'],
  ['a text for a length', { configuration: { history_length: 'x' } }, 'configuration.historyLength'],
  ['a text for a boolean', { configuration: { blocking: 'x' } }, 'configuration.blocking'],
  ['a number for a URL', { configuration: { push_notification: { url: 5 } } }, 'configuration.pushNotification.url'],
])('over HTTP+JSON %s is refused', async (_what, { message, ...others }: Readonly<Record<string, unknown>>, field) => {
  const body = {
    message: { messageId: 'm', role: 'ROLE_USER', content: [{ text: 'x' }], ...(message as object) },
    ...others,
  };
  const answer = await call('POST', `${echo}/v1/message:send`, { body, headers });
  expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ metadata: { field } }, {}] } } });
});

it('what 0.3 allows is taken: no padding, lines in Base64, null for what is not there', async () => {
  const nothing = { extensions: null, referenceTaskIds: null, contextId: null, metadata: null };
  const message = { ...file({ bytes: 'aGVs\nbG8', mimeType: 'text/plain' }).message, ...nothing };
  const params = {
    message,
    configuration: { acceptedOutputModes: null, pushNotificationConfig: null, blocking: true },
  };
  const { body } = await callRpc(echo, 'message/send', params, headers);
  expect(at(body, 'result', 'history', 0, 'parts', 0)).toMatchObject({ file: { bytes: 'aGVsbG8=' } });
});

it('over HTTP+JSON an empty text beside a file is none', async () => {
  const content = [{ text: '', file: { fileWithBytes: 'aGVsbG8=', mimeType: 'text/plain' } }];
  const body = { message: { messageId: randomUUID(), role: 'ROLE_USER', content } };
  const answer = await call('POST', `${echo}/v1/message:send`, { body, headers });
  expect(at(answer.body, 'task', 'history', 0, 'content')).toMatchObject([{ file: { fileWithBytes: 'aGVsbG8=' } }]);
});

describe('a push config over HTTP+JSON', () => {
  const hook = {
    url: 'http://127.0.0.1:1/hook',
    token: 'secret',
    authentication: { schemes: ['Bearer'], credentials: 'c' },
  };
  const begun = async (): Promise<string> => {
    const { body } = await callRpc(echo, 'message/send', sent({ messageId: randomUUID() }), headers);
    return textAt(body, 'result', 'id');
  };

  it.each([
    [
      'as the SDK for JavaScript writes it',
      (id: string) => ({ name: `tasks/${id}/pushNotificationConfigs/a`, pushNotificationConfig: hook }),
    ],
    ['with an id of its own', () => ({ pushNotificationConfig: { ...hook, id: 'a' } })],
    ['in snake_case', () => ({ push_notification_config: { ...hook, id: 'a' } })],
    [
      'as the SDK for Python writes it',
      (id: string) => ({ parent: `tasks/${id}`, configId: 'a', config: { name: '', pushNotificationConfig: hook } }),
    ],
    [
      'that names another task than its path',
      () => ({ name: 'tasks/other/pushNotificationConfigs/a', pushNotificationConfig: hook }),
    ],
  ])('%s is that of the task in the path', async (_, bodyFor) => {
    const id = await begun();
    const path = `${echo}/v1/tasks/${id}/pushNotificationConfigs`;
    const made = await call('POST', path, { body: bodyFor(id), headers });
    expect(made).toMatchObject({ status: 201, body: { name: `tasks/${id}/pushNotificationConfigs/a` } });
    const { body } = await call('GET', `${path}/a`, { headers });
    expect(body).toMatchObject({ pushNotificationConfig: { id: 'a', url: hook.url } });
  });

  it.each([
    ['nothing', undefined, 'pushNotificationConfig'],
    ['a number for a URL', { pushNotificationConfig: { url: 5 } }, 'pushNotificationConfig.url'],
    ['an object for a token', { pushNotificationConfig: { ...hook, token: {} } }, 'pushNotificationConfig.token'],
  ])('with %s is refused', async (_what, body, field) => {
    const answer = await call('POST', `${echo}/v1/tasks/${await begun()}/pushNotificationConfigs`, { body, headers });
    expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ metadata: { field } }, {}] } } });
  });
});

it('a config without schemes has no authentication, null for what is not there is taken', async () => {
  const { body } = await callRpc(echo, 'message/send', sent({ messageId: randomUUID() }), headers);
  const taskId = textAt(body, 'result', 'id');
  const pushNotificationConfig = {
    id: 'a',
    url: 'http://127.0.0.1:1',
    token: null,
    authentication: { schemes: [], credentials: null },
  };
  const made = await callRpc(
    echo,
    'tasks/pushNotificationConfig/set',
    { taskId, pushNotificationConfig, metadata: null },
    headers,
  );
  expect(at(made.body, 'result', 'pushNotificationConfig')).toEqual({ id: 'a', url: 'http://127.0.0.1:1' });
  const got = await callRpc(echo, 'tasks/get', { id: taskId, historyLength: null, metadata: null }, headers);
  expect(at(got.body, 'result', 'history')).toHaveLength(1);
});

it('a message is waited for whatever else its configuration says, unless it says not to', async () => {
  const params = { ...sent({ messageId: randomUUID() }), configuration: { acceptedOutputModes: ['text/plain'] } };
  const { body } = await callRpc(echo, 'message/send', params, headers);
  expect(at(body, 'result', 'status', 'state')).toBe('completed');
});

it('what 0.3 has no path for is not taken for a path of 1.0 with a tenant', async () => {
  expect((await call('GET', `${echo}/v1/tasks`, { headers })).status).toBe(404);
  expect((await call('GET', `${echo}/v1/tasks`)).status).toBe(404);
});

it('a version that is not spoken is refused in the same words as by 1.0', async () => {
  const other = { 'a2a-version': '0.2' };
  const answers = [
    await callRpc(echo, 'message/send', hello, other),
    await callRpc(echo, 'GetTask', { id: 't' }, other),
    await call('GET', `${echo}/v1/tasks/t`, { headers: other }),
    await call('GET', `${echo}/tasks/t`, { headers: other }),
  ];
  const [first, ...others] = answers.map(({ body }) => at(body, 'error', 'message'));
  expect(first).toBe('A2A-Version: expected 1.0 or 0.3, got 0.2');
  expect(others).toEqual([first, first, first]);
});

it('over HTTP+JSON parts keep their metadata and files their names, also in streams', async () => {
  for (const path of ['/v1/message:send', '/v1/message:stream']) {
    const content = [
      { text: 'hello', metadata: { lang: 'en' } },
      { file: { fileWithUri: 'https://a.example/plan', name: 'plan.txt', mimeType: 'text/plain' } },
    ];
    const message = {
      messageId: randomUUID(),
      contextId: randomUUID(),
      role: 'ROLE_USER',
      content,
      metadata: { a: 1 },
    };
    await fetch(echo + path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
    }).then((answer) => answer.text());
    const { body } = await call('GET', `${url}/sessions/${message.contextId}/messages`);
    expect(at(body, 'messages', 0, 'message')).toMatchObject({
      metadata: { a: 1 },
      parts: [
        { text: 'hello', metadata: { lang: 'en' } },
        { url: 'https://a.example/plan', filename: 'plan.txt', mediaType: 'text/plain' },
      ],
    });
  }
});
