/** What people write, as answers to questions with a schema. */
import { describe, expect, it } from 'vitest';
import { answerFrom, expectedBy, type JsonSchema } from '../src/answer-from-text.js';

const choice = { type: 'string', enum: ['approve', 'deny'] };
const decision = {
  type: 'object',
  properties: { decision: choice, reason: { type: 'string' } },
  required: ['decision'],
};
const titled = {
  oneOf: [
    { const: 'de', title: 'German' },
    { const: 'en', title: 'English' },
  ],
};
const two = { type: 'object', properties: { from: {}, to: {} }, required: ['from', 'to'] };

const cases: readonly (readonly [string, JsonSchema | undefined, unknown])[] = [
  [' Go on. \n', undefined, { text: 'Go on.' }],
  ['', undefined, undefined],
  ['Anything', { type: 'string' }, { text: 'Anything' }],
  ['Anything', {}, { text: 'Anything' }],
  ['APPROVE!', choice, { text: 'approve' }],
  ['Approve.\n\nBest, Ann', choice, { text: 'approve' }],
  ['Approve.\n\nKind regards\nAnn Example', choice, { text: 'approve' }],
  ['Approve\n\nBest,\nAnn', choice, { text: 'approve' }],
  ['Approve\nViele Grüße\nAnn Example', choice, { text: 'approve' }],
  ['Approve\nGruß', choice, { text: 'approve' }],
  ['Approve\nThank you very much!', choice, { text: 'approve' }],
  ['Approve\nThanks\nSent from my iPhone', choice, { text: 'approve' }],
  // Who says more than a word doesn't mean the word alone.
  ['Approve\n\nBut only the first two.', choice, undefined],
  ['Approve\nif Bob agrees', choice, undefined],
  ['Approve\n\nOnly Bob', choice, undefined],
  ['Approve\n\nThanks, but wait.', choice, undefined],
  ['Approve\n\nThanks, but wait until Monday\nwith the second one', choice, undefined],
  ...['No', 'Later', 'Cancel', 'Nein', 'Tomorrow', 'After Legal Review', 'Ann'].flatMap((line) => [
    [`Yes\n${line}`, { type: 'boolean' }, undefined] as const,
    [`Approve\n\n${line}`, choice, undefined] as const,
    [`42\n${line}`, { type: 'integer' }, undefined] as const,
  ]),
  ...['Many Problems', 'Viele Fehler', 'Best Option', 'Thanks\nNo', 'Best\nDeny', 'Thanks, No', 'Thanks, Later'].map(
    (line) => [`Approve\n${line}`, choice, undefined] as const,
  ),
  ['Approve\nBest,\nAnn\nDelay It', choice, undefined],
  ['I would rather approve', choice, undefined],
  ['approve, but only the first', choice, undefined],
  ['2', { enum: [1, 2] }, { data: 2 }],
  ['german', titled, { text: 'de' }],
  ['Yes', { type: 'boolean' }, { data: true }],
  ['no.', { type: 'boolean' }, { data: false }],
  ['No, wait', { type: 'boolean' }, undefined],
  ['maybe', { type: 'boolean' }, undefined],
  ['42', { type: 'integer' }, { data: 42 }],
  ['1,5', { type: 'number' }, { data: 1.5 }],
  ['about 3', { type: 'number' }, undefined],
  ['1,000', { type: 'number' }, undefined],
  ['-250.000', { type: 'integer' }, undefined],
  ['0.125', { type: 'number' }, { data: 0.125 }],
  ['1000,125', { type: 'number' }, { data: 1000.125 }],
  ['yes', { type: ['boolean', 'null'] }, { data: true }],
  ['Berlin', { type: 'object', properties: { city: { type: 'string' } } }, { data: { city: 'Berlin' } }],
  ['deny', decision, { data: { decision: 'deny' } }],
  ['{"decision":"deny","reason":"Ask Ann."}', decision, { data: { decision: 'deny', reason: 'Ask Ann.' } }],
  ['why?', decision, undefined],
  ['Make it shorter', { anyOf: [decision, { type: 'string' }] }, { text: 'Make it shorter' }],
  ['Deny', { anyOf: [{ type: 'string' }, decision] }, { data: { decision: 'deny' } }],
  ['Berlin', two, undefined],
  ['["a"]', { type: 'array' }, { data: ['a'] }],
  ['[1', { type: 'array' }, undefined],
];

it.each(cases)('%j to %j is %j', (text, schema, answer) => {
  expect(answerFrom(text, schema)).toEqual(answer);
});

describe('below an answer, without a closing', () => {
  const names = ['Ann Example', 'a.sample@people.example', 'no-reply@people.example'];
  it.each(['Ann', 'Ann Example', 'ANN', 'A. Sample', 'Best Ann', 'LG ann'])('stands the own name: %s', (name) => {
    expect(answerFrom(`Yes\n\n${name}`, { type: 'boolean' }, names)).toEqual({ data: true });
  });

  it.each(['Bob', 'No', 'Reply No', 'Best Bob'])('stands nothing else: %s', (line) => {
    expect(answerFrom(`Yes\n\n${line}`, { type: 'boolean' }, names)).toBeUndefined();
  });
});

it.each([`a${'.'.repeat(60_000)}b`, `Yes${'.'.repeat(9_000)}`, '1'.repeat(400), `yes\n${'- '.repeat(100_000)}`])(
  'a long line holds nobody up: %#',
  (text) => {
    for (const type of ['boolean', 'number', 'object']) answerFrom(text, { type });
    expect(answerFrom(text, { type: 'number' })).toBeUndefined();
  },
  2_000,
);

describe('what is expected is said in words', () => {
  it.each([
    [choice, 'one of: approve, deny'],
    [titled, 'one of: German, English'],
    [{ type: 'boolean' }, 'yes or no'],
    [{ type: 'integer' }, 'a whole number'],
    [decision, 'one of: approve, deny'],
    [two, 'a JSON object with from, to'],
    [{ anyOf: [{ type: 'number' }, { type: 'boolean' }] }, 'a number; or yes or no'],
    [{ anyOf: [decision, { type: 'string' }] }, undefined],
    [undefined, undefined],
  ] as const)('%j: %s', (schema, expected) => {
    expect(expectedBy(schema)).toBe(expected);
  });
});
