/** An answer that doesn't fit its question is refused with what was asked for. */
import { expect, it } from 'vitest';
import { checkAnswer } from '@continuo/agent/internal/agents/input-request.js';
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';
import { INPUT_EXTENSION } from '@continuo/agent/internal/tasks/task.js';

function refusal(schema: unknown, part: Part): unknown {
  const question = {
    messageId: 'q',
    role: 'ROLE_AGENT',
    parts: [],
    metadata: { [INPUT_EXTENSION]: { schema } },
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
