/** What is particular to JSON-RPC (section 9). */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { must, should } from '../requirement.mjs';
import { eventsOf } from '../ports/http.mjs';

const only = { on: ['JSONRPC'] };
const post = async (t, body, options) => (await t.port()).post(body, options);
const asked = (t, fields = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'SendMessage',
  params: { message: t.message() },
  ...fields,
});
const errorOf = async (t, body) => (await (await post(t, body)).json()).error;

export const jsonRpc = [
  must(
    '9.1',
    'Answers are application/json.',
    async (t) => {
      const { headers } = await post(t, asked(t));
      ok(headers.get('content-type')?.startsWith('application/json'), headers.get('content-type'));
    },
    only,
  ),
  must(
    '9.1',
    'Streams are text/event-stream.',
    async (t) => {
      const response = await post(t, asked(t, { method: 'SendStreamingMessage' }));
      ok(response.headers.get('content-type')?.startsWith('text/event-stream'));
      await response.text();
    },
    only,
  ),
  must(
    '9.2',
    'Names of headers are taken in any case.',
    async (t) => {
      const { error } = await (
        await post(t, asked(t), { headers: { 'a2a-version': undefined, 'A2A-VERSION': '99.0' } })
      ).json();
      equal(error?.code, -32_009);
    },
    only,
  ),
  must(
    '9.3',
    'An answer has the id of its request, text or number.',
    async (t) => {
      for (const id of ['a text', 7]) {
        const answer = await (await post(t, asked(t, { id }))).json();
        deepEqual([answer.jsonrpc, answer.id], ['2.0', id]);
      }
    },
    only,
  ),
  must(
    '9.4.2',
    'Each event of a stream is an answer with the id of the request.',
    async (t) => {
      for await (const event of eventsOf(await post(t, asked(t, { method: 'SendStreamingMessage', id: 'mine' })))) {
        deepEqual([event.jsonrpc, event.id, typeof event.result], ['2.0', 'mine', 'object']);
      }
    },
    only,
  ),
  must(
    '9.4.8',
    'GetExtendedAgentCard needs no params.',
    async (t) => {
      const { error } = await (await post(t, { jsonrpc: '2.0', id: 1, method: 'GetExtendedAgentCard' })).json();
      ok([undefined, -32_004, -32_007].includes(error?.code), JSON.stringify(error));
    },
    only,
  ),
  must('9.5', 'What is no JSON: -32700.', async (t) => equal((await errorOf(t, '{"jsonrpc":'))?.code, -32_700), only),
  must(
    '9.5',
    'What is no request: -32600.',
    async (t) => {
      for (const body of [{ hello: 'there' }, { jsonrpc: '1.0', id: 1, method: 'GetTask' }])
        equal((await errorOf(t, body))?.code, -32_600);
    },
    only,
  ),
  must(
    '9.5',
    'A method that there is not: -32601.',
    async (t) => {
      equal((await errorOf(t, asked(t, { method: 'NoSuchMethod' })))?.code, -32_601);
    },
    only,
  ),
  must(
    '9.5',
    'Params that are wrong: -32602.',
    async (t) => {
      for (const params of [{}, [], 'text', { message: 5 }])
        equal((await errorOf(t, asked(t, { params })))?.code, -32_602);
    },
    only,
  ),
  must(
    '9.5',
    'Details of an error are a list in error.data.',
    async (t) => {
      const { data } = await errorOf(t, asked(t, { method: 'GetTask', params: { id: 'nothing' } }));
      ok(Array.isArray(data) && data.length > 0, JSON.stringify(data));
    },
    only,
  ),
  should(
    '9.5',
    'An error of A2A has an ErrorInfo in the domain a2a-protocol.org.',
    async (t) => {
      const { data = [] } = await errorOf(t, asked(t, { method: 'GetTask', params: { id: 'nothing' } }));
      const info = data.find((detail) => detail['@type']?.endsWith('google.rpc.ErrorInfo'));
      deepEqual([info?.reason, info?.domain], ['TASK_NOT_FOUND', 'a2a-protocol.org']);
    },
    only,
  ),
  must(
    '9.1',
    'A notification, without an id, is not answered.',
    async (t) => {
      const { id: _, ...notification } = asked(t, { method: 'GetTask', params: { id: 'nothing' } });
      equal(await (await post(t, notification)).text(), '');
    },
    only,
  ),
];
