/** Answers of language models that aren't what they seem: errors with success, ends that never come, counts that are none. */
import { createServer, type ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { askModel, type ModelAnswer } from '@continuo/agent/internal/agents/models/ask-model.js';
import type { LanguageModel } from '@continuo/agent/internal/agents/models/language-model.js';
import { ModelUnavailableError, ModelUnusableError } from '@continuo/agent/internal/agents/models/model-errors.js';
import { countsIn } from '@continuo/agent/internal/agents/models/token-counts.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { modelFromConfig } from '../../src/agents/models/model-from-config.js';
import { onLoopback } from '../support/on-loopback.js';

let carryOut: (response: ServerResponse) => void = () => undefined;
const server = createServer((_request, response) => carryOut(response));
const url = await onLoopback(server);

const models: Readonly<Record<'chat' | 'anthropic' | 'google' | 'responses', LanguageModel>> = {
  chat: modelOf('openai-compatible/m', '/v1'),
  anthropic: modelOf('anthropic/m', '/v1'),
  google: modelOf('google/m', '/v1beta'),
  responses: modelOf('openai/m', '/v1'),
};
type Kind = keyof typeof models;

function modelOf(model: string, path: string): LanguageModel {
  return modelFromConfig({ model, modelBaseUrl: `${url}${path}`, modelApiKey: 'sk-secret' });
}

const inputSchema = { type: 'object', properties: { city: { type: 'string' } } };

function ask(kind: Kind): Promise<ModelAnswer> {
  const question = {
    model: models[kind],
    system: 'Be brief.',
    messages: [{ role: 'user' as const, content: 'Hello?' }],
    tools: { weather: { description: 'Tells the weather.', inputSchema } },
    signal: new AbortController().signal,
    timeoutMs: 60_000,
  };
  return askModel(question, systemClock, async () => undefined);
}

async function failureOf(kind: Kind): Promise<Error> {
  const error = await ask(kind).then(
    (answer) => new Error(`it was answered: ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  return error as Error;
}

function answers(status: number, contentType: string, body: unknown, headers: Record<string, string> = {}): void {
  carryOut = (response) => {
    response.writeHead(status, { 'content-type': contentType, ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

type Events = readonly Readonly<Record<string, unknown>>[];

function framesOf(events: Events): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

function streams(events: Events, end = ''): void {
  answers(200, 'text/event-stream', framesOf(events) + end);
}

/** And never closes the connection. */
function streamsOn(events: Events, end = ''): void {
  carryOut = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(framesOf(events) + end);
  };
}

const started = {
  type: 'message_start',
  message: { id: 'm', type: 'message', model: 'm', role: 'assistant', content: [], usage: { input_tokens: 5 } },
};
const block = (content_block: unknown, ...deltas: readonly unknown[]): Events => [
  { type: 'content_block_start', index: 0, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
  { type: 'content_block_stop', index: 0 },
];
const text = block({ type: 'text', text: '' }, { type: 'text_delta', text: 'Yes' });
const stopped = (stop_reason: string, usage: unknown = { output_tokens: 7 }): Events => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
  { type: 'message_stop' },
];
const gemini = (finishReason?: string) => ({
  candidates: [{ content: { role: 'model', parts: [{ text: 'Yes' }] }, finishReason, index: 0 }],
});
const item = { type: 'message', id: 'i' };
const created = { type: 'response.created', response: { id: 'r', created_at: 1, model: 'm' } };
const begun = [created, { type: 'response.output_item.added', output_index: 0, item }];
const said = [
  ...begun,
  { type: 'response.output_text.delta', item_id: 'i', output_index: 0, content_index: 0, delta: 'Yes' },
];
const completed = { type: 'response.completed', response: { usage: { input_tokens: 3, output_tokens: 2 } } };
const chunk = (delta: unknown, finish_reason: string | null = null, usage?: unknown) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
  ...(usage === undefined ? {} : { usage }),
});
const chat = [chunk({ content: 'Yes' }), chunk({}, 'stop')];
const DONE = 'data: [DONE]\n\n';

const halves: readonly (readonly [Kind, Events])[] = [
  ['anthropic', [started, ...text]],
  ['google', [gemini()]],
  ['responses', said],
  ['chat', [chunk({ content: 'Yes' })]],
];

it.each(halves)('of %s that just end are broken off, and no whole answers', async (kind, events) => {
  streams(events);
  const error = await failureOf(kind);
  expect(error).toBeInstanceOf(ModelUnavailableError);
  expect(error.message).toContain('broke off its answer');
});

const wholes: readonly (readonly [Kind, Events, string])[] = [
  ['chat', chat, DONE],
  ['anthropic', [started, ...text, ...stopped('end_turn')], ''],
  ['responses', [...said, completed], ''],
];

it.each(wholes)('of %s that have ended are whole, though the connection stays open', async (kind, events, end) => {
  streamsOn(events, end);
  expect(await ask(kind)).toMatchObject({ text: 'Yes', finishReason: 'stop' });
});

it('may speak of ends without ending', async () => {
  const talk = block({ type: 'text', text: '' }, { type: 'text_delta', text: 'data: [DONE] message_stop' });
  streams([started, ...talk, ...text, ...stopped('end_turn')]);
  expect((await ask('anthropic')).text).toBe('data: [DONE] message_stopYes');
});

const errors: readonly (readonly [Kind, unknown])[] = [
  ['chat', { error: { message: 'Come back tomorrow', code: 503 } }],
  ['chat', { error: 'Come back tomorrow' }],
  ['anthropic', { type: 'error', error: { type: 'api_error', message: 'Come back tomorrow' } }],
  ['google', [{ error: { code: 503, message: 'Come back tomorrow' } }]],
  ['responses', { error: { message: 'Come back tomorrow', type: 'server_error' } }],
];

it.each(errors)('of %s that are an error with success say why', async (kind, body) => {
  answers(200, 'application/json', body);
  const error = await failureOf(kind);
  expect(error).toBeInstanceOf(ModelUnavailableError);
  expect(error.message).toContain('Come back tomorrow');
});

it('that are an error with success are asked again when they say, and not when nothing is paid', async () => {
  answers(200, 'application/json', { error: { message: 'Slow', code: 429 } }, { 'retry-after': '7' });
  expect(await failureOf('chat')).toMatchObject({ retryAfterMs: 7_000 });
  answers(200, 'application/json', { error: { message: 'No credits', code: 402 } });
  expect(await failureOf('chat')).toBeInstanceOf(ModelUnusableError);
});

it('that begin with an error are tried again, whatever kind it is of', async () => {
  streams([{ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }]);
  expect(await failureOf('anthropic')).toBeInstanceOf(ModelUnavailableError);
});

it('that are a page say so', async () => {
  answers(200, 'text/html', '<html>Sign in</html>');
  expect((await failureOf('google')).message).toContain('<html>Sign in</html>');
});

it('that come whole though a stream was asked for are taken', async () => {
  const tool_calls = [{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }];
  const message = { role: 'assistant', content: 'I look.', tool_calls };
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
  answers(200, 'application/json', { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage });
  expect(await ask('chat')).toMatchObject({
    text: 'I look.',
    calls: [{ name: 'weather', input: { city: 'Rome' } }],
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
  });
});

it('that decline are that, in the words of the model', async () => {
  const refusal = {
    type: 'response.refusal.delta',
    item_id: 'i',
    output_index: 0,
    content_index: 0,
    delta: 'I cannot.',
  };
  streams([...begun, refusal, completed]);
  expect(await ask('responses')).toMatchObject({ text: 'I cannot.', finishReason: 'content-filter' });
});

it('that are cut off before the arguments of a call have none', async () => {
  const tool = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} };
  streams([started, ...block(tool, { type: 'input_json_delta', partial_json: '' }), ...stopped('max_tokens')]);
  expect((await ask('anthropic')).calls).toEqual([{ id: 'toolu_1', name: 'weather', input: null }]);
  streams([started, ...block(tool, { type: 'input_json_delta', partial_json: '' }), ...stopped('tool_use')]);
  expect((await ask('anthropic')).calls).toEqual([{ id: 'toolu_1', name: 'weather', input: {} }]);
});

const keyless = {
  error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' },
};
const poor = { type: 'error', error: { type: 'invalid_request_error', message: 'Your credit balance is too low.' } };

it.each([
  ['google', keyless, 'refused the key (HTTP 400)'],
  ['anthropic', poor, 'is not paid for'],
] as const)('of %s that refuse who asks, with 400, are answers to nobody', async (kind, body, says) => {
  answers(400, 'application/json', body);
  const error = await failureOf(kind);
  expect(error).toBeInstanceOf(ModelUnusableError);
  expect(error.message).toContain(says);
});

const dates = { date: 'Wed, 21 Oct 2026 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2026 07:28:20 GMT' };
const waits: readonly (readonly [what: string, Readonly<Record<string, string>>, number | undefined])[] = [
  ['a date', dates, 20_000],
  ['a date that is over', { ...dates, 'retry-after': 'Wed, 21 Oct 2026 07:27:00 GMT' }, undefined],
  ['a date, by our clock', { date: 'no date', 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }, 60_000],
  ['no milliseconds, and seconds', { 'retry-after-ms': '0', 'retry-after': '5' }, 5_000],
  ['an empty field, and seconds', { 'retry-after-ms': '', 'retry-after': '5' }, 5_000],
  ['nonsense', { 'retry-after': 'soon' }, undefined],
];

it.each(waits)('with 429 that say when to come back as %s', async (_what, headers, ms) => {
  answers(429, 'application/json', { error: { message: 'Slow' } }, headers);
  expect(await failureOf('chat')).toHaveProperty('retryAfterMs', ms);
});

it('with 429 that say in the body when to come back', async () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '12.5s' }];
  answers(429, 'application/json', { error: { code: 429, message: 'Quota', status: 'RESOURCE_EXHAUSTED', details } });
  expect(await failureOf('google')).toHaveProperty('retryAfterMs', 12_500);
});

it('that count what can be no tokens are counted as far as they can', async () => {
  streams([...chat.slice(0, 1), chunk({}, 'stop', { prompt_tokens: -1, completion_tokens: 2.5, total_tokens: 1e300 })]);
  expect((await ask('chat')).usage).toEqual({ outputTokens: 3, totalTokens: 3 });
  expect(countsIn({ inputTokens: 5, outputTokens: 1, cachedInputTokens: 50, reasoningTokens: Number.NaN })).toEqual({
    inputTokens: 5,
    outputTokens: 1,
    cachedInputTokens: 5,
  });
});
