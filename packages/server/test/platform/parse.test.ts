/** What a client with a malformed request is told: where, and what was expected there. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { onlyFields } from '../../src/platform/known-fields.js';
import { messageSchema } from '@continuo/agent/internal/sessions/message.js';

const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };

function refusal(schema: z.ZodType, value: unknown, root?: string): unknown {
  try {
    parse(schema, value, root);
  } catch (error) {
    return error;
  }
  throw new Error('it was accepted');
}

it.each([
  ['nothing', undefined, 'message', 'object'],
  ['no parts', { ...message, parts: [] }, 'message.parts', 'array to have >=1 items'],
  ['an empty part', { ...message, parts: [{}] }, 'message.parts[0]', 'exactly one of text, raw, url, data'],
  ['an unknown role', { ...message, role: 'BOSS' }, 'message.role', 'one of "ROLE_USER"|"ROLE_AGENT"'],
  [
    'a bad address',
    { ...message, parts: [{ url: 'x y' }] },
    'message.parts[0].url',
    'a URL, or the path of a file of this server: /files/…',
  ],
])('names the place of %s', (_what, value, field, expected) => {
  expect(refusal(messageSchema, value, 'message')).toMatchObject({ code: 'INVALID_ARGUMENT', field, expected });
});

it.each([
  ['a null character', { ...message, parts: [{ text: 'a\0b' }] }, 'message.parts[0].text'],
  [
    'half an emoji',
    { ...message, parts: [{ text: 'a' }, { data: { to: ['\ud83d'] } }] },
    'message.parts[1].data.to[0]',
  ],
  ['a key with a null character', { ...message, metadata: { 'a\0b': 1 } }, 'message.metadata'],
])('refuses %s, which no database takes', (_what, value, field) => {
  expect(refusal(messageSchema, value, 'message')).toMatchObject({ code: 'INVALID_ARGUMENT', field });
});

it('refuses JSON that is nested beyond all reason', () => {
  const data: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  const value = { ...message, parts: [{ data }] };
  expect(refusal(messageSchema, value)).toMatchObject({
    field: expect.stringMatching(/^parts\[0\]\.data(\[0\])+$/),
    expected: 'at most 200 levels of JSON',
  });
});

it('accepts all text that is well-formed, and what is no text', () => {
  const parts = [{ text: '😀 \u0001 \uffff' }, { data: [null, 1, true, { a: [] }] }];
  expect(parse(messageSchema, { ...message, parts })).toMatchObject({ parts });
});

it('calls the whole of a body "body"', () => {
  expect(refusal(z.object({}), 'text')).toMatchObject({ field: 'body', message: 'body: expected object' });
});

it('names the place inside of a union', () => {
  const schema = z.object({ to: z.union([z.string(), z.object({ name: z.string() })]) });
  expect(refusal(schema, { to: { name: 1 } })).toMatchObject({ field: 'to.name', expected: 'string' });
});

it.each([
  ['at the top', { title: 'a', titel: 'b' }, 'titel', 'one of the fields title, author'],
  ['inside', { author: { nmae: 1 } }, 'author.nmae', 'no field but name'],
  [
    'under a name that reads as a sentence',
    { 'x, expected y': 1 },
    '["x, expected y"]',
    'one of the fields title, author',
  ],
])('names an unknown field %s, and those that there are', (_what, value, field, expected) => {
  const schema = onlyFields({
    title: z.string().optional(),
    author: onlyFields({ name: z.string().optional() }).optional(),
  });
  expect(refusal(schema, value)).toMatchObject({ field, expected });
});

it('names an unknown field of any other object that is strict', () => {
  const value = { 'x, expected y': 1 };
  expect(refusal(z.strictObject({}), value)).toMatchObject({ expected: 'no field of this name' });
});

it('quotes keys that are no names', () => {
  expect(refusal(z.record(z.string(), z.string()), { 'a b': 1 }, 'metadata')).toMatchObject({
    field: 'metadata["a b"]',
  });
});
