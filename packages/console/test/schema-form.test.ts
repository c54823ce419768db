/** Forms made of a JSON Schema show the defaults that they send. */
import { expect, it } from 'vitest';
import { answerOf, fieldsOf, filledFirst } from '../src/components/json-schema.js';
import { problemsOf } from '../src/components/schema-fields.js';

const formOf = (schema: object) => fieldsOf({ type: 'object', properties: { it: schema } });

it.each([
  [{ type: 'array', items: { type: 'string' } }, ['all@x.com', 'ann@x.com'], 'all@x.com\nann@x.com'],
  [{ type: 'array', items: { type: 'string' } }, ['two\nlines', ''], '[\n  "two\\nlines",\n  ""\n]'],
  [{ type: 'array', items: { type: 'string' } }, [], []],
  [{ type: 'array', items: { type: 'number' } }, [1, 2], '[\n  1,\n  2\n]'],
  [{ type: 'object' }, { to: 'all' }, '{\n  "to": "all"\n}'],
  [{}, 'word', '"word"'],
  [{ type: 'string' }, 'word', 'word'],
  [{ type: 'number' }, 5, 5],
  [{ type: 'boolean' }, true, true],
  [{ enum: ['a', 'b'] }, 'b', 'b'],
])('%j with the default %j shows %j, and sends the default', (schema, value, shown) => {
  const fields = formOf({ ...schema, default: value });
  const filled = filledFirst(fields);
  expect(filled['it']).toEqual(shown);
  expect(problemsOf(fields, filled)).toEqual({});
  expect(answerOf(fields, filled)).toEqual({ it: value });
});

it.each([
  [{ enum: ['a', 'b'] }, 'c'],
  [{ type: 'number' }, 'five'],
  [{ type: 'array', items: { enum: ['a', 'b'] } }, 'a'],
  [{ type: 'object' }, null],
])('%j sends nothing of the default %j, which it cannot show', (schema, value) => {
  const fields = formOf({ ...schema, default: value });
  expect(answerOf(fields, filledFirst(fields))).toEqual({});
});
