/** Lists of any length, of which no more is read than up to the first thing wrong. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { longListOf } from '../../src/protocols/long-list.js';
import { parseRun } from '../../src/protocols/ag-ui/run-input.js';
import { parseChat as parseUiChat } from '../../src/protocols/ai-sdk/chat-request.js';
import { parseChat } from '../../src/protocols/openai/chat-request.js';
import { parseResponse } from '../../src/protocols/openai/response-request.js';

it('reads no further than the first thing wrong', () => {
  let looks = 0;
  const item = z.object({ n: z.int() }).refine(() => (looks += 1) > 0);
  const list = z.object({ list: longListOf(item, 1) });
  expect(() =>
    parse(list, { list: [{ n: 1 }, { n: 'x' }, ...Array.from({ length: 90_000 }, () => ({ n: 2 }))] }),
  ).toThrow('list[1].n: expected number');
  expect(looks).toBe(1);
  expect(parse(list, { list: Array.from({ length: 5_000 }, () => ({ n: 3 })) }).list).toHaveLength(5_000);
  expect(() => parse(list, { list: [] })).toThrow('list: expected array to have >=1 items');
  expect(() => parse(list, {})).toThrow('list: expected array');
});

const many: readonly unknown[] = Array.from({ length: 90_000 }, () => ({}));
const said = (content: unknown) => ({ id: 'a', role: 'user', content });
const run = { threadId: 't', runId: 'r', messages: [said('x')] };

it('says which kinds of content there are', () => {
  expect(() => parseChat({ model: 'a/b', messages: [said([{ type: 'video' }])] })).toThrow(
    /^messages\[0\]\.content\[0\]\.type: expected 'text' \|/,
  );
});

it.each([
  ['a chat’s messages', () => parseChat({ model: 'a/b', messages: many })],
  ['a chat’s content', () => parseChat({ model: 'a/b', messages: [said(many)] })],
  ['a response’s input', () => parseResponse({ model: 'a/b', input: many.map(() => 5) })],
  ['a response’s content', () => parseResponse({ model: 'a/b', input: [said(many)] })],
  ['a run’s messages', () => parseRun({ ...run, messages: many })],
  ['a run’s content', () => parseRun({ ...run, messages: [said(many)] })],
  ['a run’s answers', () => parseRun({ ...run, resume: many })],
  ['a UI’s messages', () => parseUiChat({ id: 'c', messages: many })],
  ['a UI’s parts', () => parseUiChat({ id: 'c', messages: [{ id: 'm', role: 'user', parts: many }] })],
])('names what is wrong in %s', (_what, read) => {
  expect(read).toThrow(/\[0\]/);
});
