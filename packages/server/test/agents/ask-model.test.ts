/** Calling a language model over its wire protocol, and what its failures become. */
import { expect, it } from 'vitest';
import { askModel, type ModelAnswer } from '@continuo/agent/internal/agents/models/ask-model.js';
import { ModelUnavailableError } from '@continuo/agent/internal/agents/models/model-errors.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { modelFromConfig } from '../../src/agents/models/model-from-config.js';
import { startOpenAiServer } from '../support/openai-server.js';
import { until } from '../support/until.js';

const openAi = await startOpenAiServer();

interface Asked {
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly pieces?: string[];
}

function ask({ baseUrl = openAi.baseUrl, timeoutMs = 10_000, signal, pieces = [] }: Asked = {}): Promise<ModelAnswer> {
  const model = modelFromConfig({
    model: 'openai-compatible/org/test-model',
    modelBaseUrl: baseUrl,
    modelApiKey: 'sk-secret',
  });
  const question = {
    model,
    system: 'Be brief.',
    messages: [{ role: 'user' as const, content: 'Hello?' }],
    signal: signal ?? new AbortController().signal,
    timeoutMs,
  };
  return askModel(question, systemClock, async (text) => {
    pieces.push(text);
  });
}

async function failureOf(asked: Promise<unknown>): Promise<Error> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new Error('expected a failure');
}

it('streams the answer, and says what it cost', async () => {
  openAi.next({ kind: 'answer', words: ['Good ', 'morning', '!'] });
  const pieces: string[] = [];
  const answer = await ask({ pieces });
  expect(answer).toEqual({
    text: 'Good morning!',
    finishReason: 'stop',
    usage: { inputTokens: 10, outputTokens: 3, totalTokens: 13 },
    calls: [],
    turn: [],
  });
  expect(pieces.join('')).toBe('Good morning!');
  expect(openAi.requests.at(-1)).toMatchObject({
    model: 'org/test-model',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello?' },
    ],
  });
});

it('makes few rows of many tokens', async () => {
  openAi.next({ kind: 'answer', words: Array.from({ length: 2000 }, (_, index) => `word${index} `) });
  const pieces: string[] = [];
  const { text } = await ask({ pieces });
  expect(pieces.join('')).toBe(text);
  expect(pieces.length).toBeLessThan(200);
});

it.each([429, 500, 503])('may be tried again after HTTP %i', async (status) => {
  openAi.next({ kind: 'refusal', status, message: 'too busy', headers: { 'retry-after': '2' } });
  const error = await failureOf(ask());
  expect(error).toBeInstanceOf(ModelUnavailableError);
  expect(error).toMatchObject({ retryAfterMs: 2000 });
  expect(error.message).toContain('openai-compatible/org/test-model');
  expect(error.message).toContain('too busy');
});

it.each([
  { status: 401, says: 'refused the key', hint: 'CONTINUO_MODEL_API_KEY' },
  { status: 404, says: 'not known there', hint: 'CONTINUO_MODEL' },
  { status: 400, says: 'refused the request', hint: 'Incorrect' },
])('fails for good after HTTP $status, and says what to do', async ({ status, says, hint }) => {
  openAi.next({ kind: 'refusal', status, message: 'Incorrect request' });
  const error = await failureOf(ask());
  expect(error).toBeInstanceOf(TerminalError);
  expect(error.message).toContain(says);
  expect(error.message).toContain(hint);
});

it('does not repeat what a provider says about a key', async () => {
  openAi.next({ kind: 'refusal', status: 401, message: 'Incorrect key sk-secret' });
  expect((await failureOf(ask())).message).not.toContain('sk-secret');
});

it('may be tried again when the connection breaks in the middle of the answer', async () => {
  openAi.next({ kind: 'cut', words: ['Once ', 'upon '] });
  const error = await failureOf(ask());
  expect(error).toBeInstanceOf(ModelUnavailableError);
  expect(error.message).toContain('broke off its answer');
});

it('may be tried again when the model does not finish in time', async () => {
  openAi.next({ kind: 'stall', words: ['Well, '] });
  const error = await failureOf(ask({ timeoutMs: 150 }));
  expect(error).toBeInstanceOf(ModelUnavailableError);
  expect(error.message).toContain('did not finish within 150 ms');
});

it('says where nobody answers', async () => {
  const error = await failureOf(ask({ baseUrl: 'http://127.0.0.1:1/v1' }));
  expect(error).toBeInstanceOf(ModelUnavailableError);
  expect(error.message).toContain("can't be reached at http://127.0.0.1:1");
});

it('stops with the reason of its signal', async () => {
  openAi.next({ kind: 'stall', words: [] });
  const before = openAi.requests.length;
  const controller = new AbortController();
  const asked = failureOf(ask({ signal: controller.signal }));
  await until(() => openAi.requests.length > before, { what: 'the model to be asked' });
  controller.abort(new Error('cancelled by the user'));
  expect((await asked).message).toBe('cancelled by the user');
});

it('refuses an answer without words', async () => {
  openAi.next({ kind: 'answer', words: [], finishReason: 'content_filter' });
  const error = await failureOf(ask());
  expect(error).toBeInstanceOf(TerminalError);
  expect(error.message).toContain('declined');
});

const many = `[${'{},'.repeat(3_300_000)}{}]`;

it.each([
  ['an event', 'text/event-stream', `data: {"choices":${many}}\n\ndata: [DONE]\n\n`],
  ['an event in lines', 'text/event-stream', `: hi "\n\ndata: {"choices":\r\ndata: ${many}}\r\n\r\n`],
  ['an event after a mark', 'text/event-stream', `\uFEFF"\rdata: {"choices":${many}}\n\n`],
  ['an event that is called JSON', 'application/json', `data: {"choices":${many}}\n\n`],
  ['an answer', 'application/json', `{"choices":${many}}`],
])('reads no more values than can be taken: %s', async (_, contentType, body) => {
  openAi.next({ kind: 'raw', status: 200, contentType, body });
  const failure = await failureOf(ask({ timeoutMs: 60_000 }));
  const { origin } = new URL(openAi.baseUrl);
  expect([failure.name, failure.message]).toEqual([
    'TerminalError',
    `The answer of ${origin} is not read: at most 100000 values are taken.`,
  ]);
});

it('tells the status of an error that is not read', async () => {
  const body = `{"error":{"message":"no","details":${many}}}`;
  openAi.next({ kind: 'raw', status: 400, contentType: 'application/json', body });
  expect((await failureOf(ask())).message).toMatch(/refused the request \(HTTP 400: Failed to process error response/);
});

it('reads a long answer of small events, whatever pieces they come in', async () => {
  const words = Array.from({ length: 20_000 }, (_, n) => `${n} `);
  openAi.next({ kind: 'answer', words });
  expect((await ask({ timeoutMs: 60_000 })).text).toBe(words.join(''));
});
