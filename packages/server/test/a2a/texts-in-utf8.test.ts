/** Texts of a message of Protocol Buffers have to be UTF-8, wherever in it they stand; bytes may be anything. */
import { SendMessageRequest } from '@a2a-js/sdk';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import { expect, it } from 'vitest';
import { refuseProtoBeyond } from '../../src/a2a/grpc/count-proto.js';

const bounds = { values: 100, levels: 100, nameBytes: 100 };

/** With \u00FF, which begins no character of UTF-8, in place of its `?`. */
function check(message: object): void {
  const json = { message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'x' }], ...message } };
  const sent = A2AService.sendMessage.requestSerialize(SendMessageRequest.fromJSON(json));
  const bytes = Buffer.from(sent.toString('latin1').replace('?', '\u00FF'), 'latin1');
  refuseProtoBeyond(bytes, 'SendMessageRequest', bounds);
}

it.each([
  ['a text', { parts: [{ text: 'a?' }] }],
  ['a name', { parts: [{ text: 'a', filename: 'a?' }] }],
  ['data', { parts: [{ data: ['a?'] }] }],
  ['a name in data', { parts: [{ data: { a: { 'a?': 1 } } }] }],
  ['metadata', { metadata: { a: 'a?' } }],
  ['an id', { messageId: 'a?' }],
  ['one of several', { extensions: ['a', 'a?'] }],
])('%s', (_what, message) => {
  expect(() => check(message)).toThrow('body: expected texts in UTF-8');
});

it('bytes, and characters of any length', () => {
  expect(() => check({ parts: [{ raw: Buffer.from('a?').toString('base64') }] })).not.toThrow();
  expect(() => check({ parts: [{ text: 'é€😀\u0000' }], metadata: { é: '😀' } })).not.toThrow();
});
