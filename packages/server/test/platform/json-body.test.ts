/** A body that is read the short way is what the body parser would have read. */
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { beforeAll, expect, it } from 'vitest';
import { jsonReader } from '../../src/platform/json-body.js';
import { toContinuoError } from '../../src/platform/to-continuo-error.js';
import { onLoopback } from '../support/on-loopback.js';

const read = jsonReader({ bodyLimitBytes: 1_000, bodyLimitValues: 20 });
let url: string;

beforeAll(async () => {
  const app = express().post('/', async (request, response) => {
    const answer = await read(request, response).then(
      () => ({ body: request.body as unknown, kept: request.listenerCount('data') }),
      (error: unknown) => {
        const { code, message, field, expected } = toContinuoError(error);
        return { code, message, field, expected };
      },
    );
    response.json(answer);
  });
  url = await onLoopback(createServer(app));
});

async function sent(body: Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', body, headers });
  return answer.json();
}

it.each([
  ['an object', '{"a":[1,"ü",null]}'],
  ['a text', ' "x" '],
  ['a byte order mark', '\uFEFF{"a":1}'],
  ['nothing but a byte order mark', '\uFEFF'],
  ['no JSON', '{"a":'],
  ['white space', '  '],
  ['too many values', JSON.stringify(Array.from({ length: 21 }, () => 1))],
  ['half of a character', Buffer.from([0x22, 0xc3, 0x22])],
  ['no character', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
])('%s', async (_what, text) => {
  const body = Buffer.from(text);
  const type = { 'content-type': 'application/json' };
  const plain = await sent(body, type);
  expect(plain).toEqual(await sent(gzipSync(body), { ...type, 'content-encoding': 'gzip' }));
  expect(await sent(body, { 'content-type': 'application/a2a+json; charset=UTF-8' })).toEqual(plain);
});

it.each([
  ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), {}, 'body', 'JSON in UTF-8'],
  ['UTF-8 in surrogates', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), {}, 'body', 'JSON in UTF-8'],
  [
    'another charset',
    Buffer.from('1'),
    { 'content-type': 'application/json; charset=iso-8859-1' },
    'Content-Type',
    'JSON in UTF-8',
  ],
  [
    'an encoding that nobody reads',
    Buffer.from('1'),
    { 'content-encoding': 'zstd' },
    'Content-Encoding',
    'gzip, deflate, br or none',
  ],
  [
    'two encodings',
    Buffer.from('1'),
    { 'content-encoding': 'gzip, gzip' },
    'Content-Encoding',
    'gzip, deflate, br or none',
  ],
])('%s is refused with the field and what it has to be', async (_what, body, headers, field, expected) => {
  const message = `${field}: expected ${expected}`;
  expect(await sent(body, { 'content-type': 'application/json', ...headers })).toMatchObject({
    message,
    field,
    expected,
  });
});

it('one that is too long is refused, as is another encoding than UTF-8', async () => {
  const refused = await sent(Buffer.from(JSON.stringify('x'.repeat(1_000))), { 'content-type': 'application/json' });
  expect(refused).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  const other = await sent(Buffer.from('"x"', 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' });
  expect(other).toMatchObject({ code: 'CONTENT_TYPE_NOT_SUPPORTED' });
});

it('a body is let go of when it was read, as an answer that streams keeps its request', async () => {
  const answer = await sent(Buffer.from('{"a":1}'), { 'content-type': 'application/json' });
  expect(answer).toEqual({ body: { a: 1 }, kept: 0 });
});
