/** Questions of agents as the flat forms of MCP, and what people fill in as answers that fit the question. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { INPUT_EXTENSION, type Task } from '@continuo/agent/internal/tasks/task.js';
import { answerParts, questionOf, questionRequest } from '../../src/protocols/mcp/questions.js';

const id = '01a225c9-92ec-7472-8dea-7f1b869b5a67';

function asking(schema?: unknown): Task {
  const metadata = schema === undefined ? {} : { metadata: { [INPUT_EXTENSION]: { schema } } };
  const message = { messageId: 'm', role: 'ROLE_AGENT' as const, parts: [{ text: 'Which?' }], ...metadata };
  const status = { state: 'TASK_STATE_INPUT_REQUIRED' as const, timestamp: '2026-01-01T00:00:00Z', message };
  return { id, contextId: 'c', status };
}

const formOf = (schema?: unknown): unknown => questionRequest(asking(schema), 3, false).params.requestedSchema;

it('names the task and its event', () => {
  expect(questionOf(questionRequest(asking(), 3, false).id)).toEqual({ taskId: id, seq: 3 });
  expect(questionOf(7)).toBeUndefined();
  expect(questionOf('question/somebody/else')).toBeUndefined();
});

it('asks for text in one field, and says the text', () => {
  expect(formOf()).toMatchObject({ properties: { answer: { type: 'string' } }, required: ['answer'] });
  expect(answerParts(asking(), { answer: 'Ada' })).toEqual([{ text: 'Ada' }]);
  const email = z.toJSONSchema(z.email());
  expect(formOf(email)).toMatchObject({ properties: { answer: { type: 'string', format: 'email' } } });
  expect(answerParts(asking(email), { answer: 'a@b.example' })).toEqual([{ text: 'a@b.example' }]);
});

it('asks for each field of a flat object, in words that forms have', () => {
  const schema = z.toJSONSchema(
    z.object({ size: z.enum(['s', 'l']), kind: z.literal('tea'), count: z.int().min(1), note: z.uuid().optional() }),
  );
  expect(formOf(schema)).toEqual({
    type: 'object',
    properties: {
      size: { type: 'string', enum: ['s', 'l'] },
      kind: { type: 'string', enum: ['tea'] },
      count: expect.objectContaining({ type: 'integer', minimum: 1 }),
      note: { type: 'string', pattern: expect.any(String) },
    },
    required: ['size', 'kind', 'count'],
  });
  const content = { size: 's', kind: 'tea', count: 2 };
  expect(answerParts(asking(schema), content)).toEqual([{ data: content }]);
});

it('asks for a single value in one field of its type', () => {
  const yes = z.toJSONSchema(z.boolean());
  expect(formOf(yes)).toMatchObject({ properties: { answer: { type: 'boolean' } } });
  expect(answerParts(asking(yes), { answer: false })).toEqual([{ data: false }]);
});

it('asks for JSON where no form is flat enough', () => {
  const nested = z.toJSONSchema(z.object({ lines: z.array(z.object({ item: z.string() })) }));
  expect(formOf(nested)).toMatchObject({
    properties: { answer: { type: 'string', description: expect.stringContaining('"lines"') } },
  });
  expect(answerParts(asking(nested), { answer: '{"lines":[]}' })).toEqual([{ data: { lines: [] } }]);
  expect(answerParts(asking(nested), { answer: 'no JSON' })).toEqual([{ data: 'no JSON' }]);
});
