/** Requests of A2A 0.3 that are wrong: refused as such, where the SDK's reader would stumble, or take them for something else. */
import { expect, it } from 'vitest';
import { at, call, callRpc } from '../support/http-calls.js';
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
    'null for the metadata of data',
    'message/send',
    said({ kind: 'data', data: {}, metadata: null }),
    'message.parts[0].metadata',
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
  ['bytes that are no Base64', { file: { file_with_bytes: '***' } }, 'message.content[0].file.file_with_bytes'],
  ['a number for data', { data: 5 }, 'message.content[0].data'],
])('over HTTP+JSON a part that is %s is refused', async (_what, part, field) => {
  const body = { message: { messageId: 'm', role: 'ROLE_USER', content: [part] } };
  for (const path of ['/v1/message:send', '/v1/message:stream']) {
    const answer = await call('POST', echo + path, { body, headers });
    expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ metadata: { field } }, {}] } } });
  }
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
