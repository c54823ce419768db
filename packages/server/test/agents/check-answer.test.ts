/** An answer that doesn't fit its question is refused with what was asked for. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkAnswer, readAnswer } from '@continuo/agent/internal/agents/input-request.js';
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';
import { INPUT_EXTENSION } from '@continuo/agent/internal/tasks/task.js';

function refusal(schema: unknown, part: Part, more: object = {}): unknown {
  const question = {
    messageId: 'q',
    role: 'ROLE_AGENT',
    parts: [],
    metadata: { [INPUT_EXTENSION]: { schema, ...more } },
  } as const;
  const answer: Message = { messageId: 'a', role: 'ROLE_USER', parts: [part] };
  try {
    checkAnswer(question, answer);
    return undefined;
  } catch (error) {
    return error;
  }
}

const schema = {
  type: 'object',
  properties: { approved: { type: 'boolean' }, note: { type: 'string' } },
  required: ['approved'],
};

it('names the fields to who answers in text', () => {
  expect(refusal(schema, { text: 'yes' })).toMatchObject({
    field: 'message.parts',
    expected: 'a data part that fits the schema of the question, with approved (boolean), note? (string)',
  });
  expect(refusal({ type: 'array' }, { text: 'yes' })).toMatchObject({
    expected: 'a data part that fits the schema of the question',
  });
  expect(refusal(schema, { data: { approved: true } })).toBeUndefined();
});

it('names twenty of many fields', () => {
  const properties = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`field${n}`, { type: 'string' }]));
  expect(refusal({ type: 'object', properties }, { text: 'yes' })).toMatchObject({
    expected: expect.stringMatching(/field19\? \(string\) and more$/),
  });
});

describe("another server's schema", () => {
  const foreign = { foreign: true };

  /** Takes hours for a text that doesn't fit. */
  const slow = '^(\\w+\\s?)*$';
  const answer = { text: `${'please '.repeat(40)}?` };

  it('has its patterns left to that server', () => {
    expect(refusal({ type: 'string', pattern: slow }, answer, foreign)).toBeUndefined();
    expect(refusal({ type: 'number', pattern: slow }, answer, foreign)).toMatchObject({
      field: 'message.parts',
    });
  });

  const named = { type: 'object', patternProperties: { '^n_': { type: 'number' }, '^s_': { type: 'string' } } };

  it.each([
    ['what is not to match one', { not: { pattern: '^a' } }],
    ['what is to match one of several', { oneOf: [{ pattern: '^please' }, { pattern: '^b' }] }],
    ['what a match has to be then', JSON.parse('{"if":{"pattern":"^a"},"then":{"const":"a"}}') as object],
    ['fields whose names match', { oneOf: [{ type: 'string' }, { ...named, additionalProperties: false }] }],
  ])('refuses nothing for patterns that it leaves out: %s', (_, one) => {
    expect(refusal(one, answer, foreign)).toBeUndefined();
    expect(refusal({ ...named, additionalProperties: false }, { data: { n_a: 1, s_b: 'x' } }, foreign)).toBeUndefined();
  });

  it('has a name of a field that is called as a keyword', () => {
    const called = {
      type: 'object',
      properties: { pattern: { type: 'number', pattern: slow } },
      required: ['pattern'],
    };
    expect(refusal(called, { data: { pattern: 'x' } }, foreign)).toMatchObject({
      field: 'message.parts[0].data.pattern',
    });
    expect(refusal(called, { data: { pattern: 1 } }, foreign)).toBeUndefined();
  });

  it('is given up where its parts multiply, or have no end', () => {
    expect(refusal(multiplying(), answer, foreign)).toBeUndefined();
    expect(refusal({ anyOf: [{ $ref: '#' }, { $ref: '#' }] }, answer, foreign)).toBeUndefined();
  });

  it("is more than an agent's own, which keeps its patterns as long as they can be tried in time", () => {
    expect(refusal({ type: 'string', pattern: '^yes$' }, answer)).toMatchObject({
      expected: expect.stringContaining('^yes$'),
    });
    expect(refusal({ type: 'string', pattern: slow }, answer)).toMatchObject({
      field: 'message.parts',
      expected: 'an answer that can be checked within 1000 ms',
    });
    expect(refusal(multiplying(), answer)).toMatchObject({ field: 'message.parts' });
  });

  /** Tried in all ways, of which there are more than atoms, before it is known that none fits. */
  function multiplying(): unknown {
    const levels = Array.from({ length: 100 }, (__, level) => {
      const next = { $ref: `#/$defs/d${level + 1}` };
      return [`d${level}`, { anyOf: [next, next] }] as const;
    });
    return { $ref: '#/$defs/d0', $defs: { ...Object.fromEntries(levels), d100: { type: 'boolean' } } };
  }
});

it('has a schema that contains itself', () => {
  const node = z.object({
    name: z.string(),
    get below() {
      return z.array(node).optional();
    },
  });
  const tree = z.toJSONSchema(node);
  expect(refusal(tree, { data: { name: 'a', below: [{ name: 'b' }] } })).toBeUndefined();
  expect(refusal(tree, { data: { name: 'a', below: [{ name: 1 }] } })).toMatchObject({
    field: 'message.parts[0].data.below[0].name',
  });
});

it("is checked although another server's schema has the name of JSON Schema itself", () => {
  for (const schemaId of ['https://json-schema.org/draft/2020-12/schema', 'http://json-schema.org/draft-07/schema']) {
    refusal({ $id: schemaId, properties: { a: { $id: schemaId, type: 'string' } } }, { text: 'x' }, { foreign: true });
  }
  expect(refusal(schema, { data: { approved: true } })).toBeUndefined();
});

describe('an answer that was given to a question of the same name with another schema', () => {
  const given = (part: Part): Message => ({ messageId: 'a', role: 'ROLE_USER', parts: [part] });
  const amount = { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } };

  it.each([
    ['text', { text: 'yes' }, 'expected a value of type object'],
    ['other data', { data: { eur: 5 } }, 'amount: expected a value'],
    ['data of another type', { data: { amount: 'five' } }, 'amount: expected a value of type number'],
  ])('is refused by JSON Schema as by zod: %s', async (_, part, refused) => {
    expect(await readAnswer(given(part), { schema: amount })).toEqual({ refused });
    const zod = z.object({ amount: z.number() });
    expect(await readAnswer(given(part), { schema: zod })).toEqual({ refused: expect.any(String) });
  });

  it('is taken where it fits', async () => {
    expect(await readAnswer(given({ data: { amount: 5 } }), { schema: amount })).toMatchObject({
      answer: { data: { amount: 5 }, timedOut: false },
    });
  });
});
