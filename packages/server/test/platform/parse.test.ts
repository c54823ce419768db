/** What a client with a malformed request is told: where, and what was expected there. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parse } from '../../src/platform/parse.js';
import { messageSchema } from '../../src/sessions/message.js';

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
  ['a bad address', { ...message, parts: [{ url: 'x y' }] }, 'message.parts[0].url', 'a valid url'],
])('names the place of %s', (_what, value, field, expected) => {
  expect(refusal(messageSchema, value, 'message')).toMatchObject({ code: 'INVALID_ARGUMENT', field, expected });
});

it('calls the whole of a body "body"', () => {
  expect(refusal(z.object({}), 'text')).toMatchObject({ field: 'body', message: 'body: expected object' });
});

it('names the place inside of a union', () => {
  const schema = z.object({ to: z.union([z.string(), z.object({ name: z.string() })]) });
  expect(refusal(schema, { to: { name: 1 } })).toMatchObject({ field: 'to.name', expected: 'string' });
});

it('quotes keys that are no names', () => {
  expect(refusal(z.record(z.string(), z.string()), { 'a b': 1 }, 'metadata')).toMatchObject({
    field: 'metadata["a b"]',
  });
});
