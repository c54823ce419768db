/** The strict providers of the tests: they take what the AI SDK ordinarily sends, and refuse what the real ones do. */
import { describe, expect, it } from 'vitest';
import { askModel, type ModelAnswer } from '@continuo/agent/internal/agents/models/ask-model.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { modelOf } from '../support/strict-providers/strict-model.js';
import { startStrictProvider, strictKinds, type StrictKind } from '../support/strict-providers/strict-provider.js';

const servers = new Map(
  await Promise.all(strictKinds.map(async (kind) => [kind, await startStrictProvider(kind)] as const)),
);

function serverOf(kind: StrictKind) {
  const server = servers.get(kind);
  if (server === undefined) throw new Error(`there is no ${kind}`);
  return server;
}

const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');

function ask(kind: StrictKind): Promise<ModelAnswer> {
  const inputSchema = { type: 'object', properties: { city: { type: 'string' } } };
  return askModel(
    {
      model: modelOf(serverOf(kind)),
      system: 'Be brief.',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hello 😀' },
            { type: 'file', data: png, mediaType: 'image/png' },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: {} }] },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: 'c1', toolName: 'weather', output: { type: 'text', value: 'Fine' } },
          ],
        },
      ],
      tools: { weather: { description: 'Tells the weather.', inputSchema } },
      signal: new AbortController().signal,
      timeoutMs: 10_000,
    },
    systemClock,
    async () => undefined,
  );
}

type Case = readonly [what: string, body: unknown, says: string];

const chat = (...messages: readonly unknown[]) => ({ model: 'm', messages });
const claude = (...messages: readonly unknown[]) => ({ model: 'm', max_tokens: 1, messages, tools: [weather] });
const gemini = (...contents: readonly unknown[]) => ({ contents });
const responses = (...input: readonly unknown[]) => ({ model: 'm', input });
const weather = { name: 'weather', input_schema: { type: 'object' } };

const asked = { role: 'user', content: 'Is it fine?' };
const chatCall = (args: string) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: args } }],
});
const chatResult = { role: 'tool', tool_call_id: 'c1', content: 'Fine' };
const pdfPart = { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } };
const imagePart = (type: string, data: string) => ({
  type: 'image_url',
  image_url: { url: `data:${type};base64,${data}` },
});
const badChat: readonly Case[] = [
  ['a call without its result', chat(asked, chatCall('{}'), asked), 'must be followed by tool messages'],
  ['a result without its call', chat(asked, chatResult), 'preceeding message'],
  ['a user who says nothing', chat({ role: 'user', content: [] }), 'messages.0.content'],
  ['a model that says nothing', chat(asked, { role: 'assistant', content: null }), 'got null'],
  ['a picture that is none', chat({ role: 'user', content: [imagePart('image/png', 'aGk=')] }), 'unsupported image'],
];

const toolUse = (input: unknown) => ({
  role: 'assistant',
  content: [{ type: 'tool_use', id: 't1', name: 'weather', input }],
});
const toolResult = { type: 'tool_result', tool_use_id: 't1', content: 'Fine' };
const source = (type: string, data: string) => ({ type: 'base64', media_type: type, data });
const words = (...parts: readonly unknown[]) => ({ role: 'user', parts });
const model = (...parts: readonly unknown[]) => ({ role: 'model', parts });
const functionCall = (args: unknown) => ({ functionCall: { name: 'weather', args } });
const functionResponse = { functionResponse: { name: 'weather', response: {} } };
const itemCall = (args: string) => ({ type: 'function_call', call_id: 'c1', name: 'weather', arguments: args });
const input = (...content: readonly unknown[]) => ({ role: 'user', content });

/** What each refuses, and in which words. */
const bad: Readonly<Record<StrictKind, readonly Case[]>> = {
  openAiChat: badChat,
  vllmChat: [
    ...badChat,
    ['a PDF', chat({ role: 'user', content: [pdfPart] }), 'Unknown part type'],
    ['white space', chat({ role: 'user', content: ' ' }), 'must not be empty'],
    ['two users in a row', chat(asked, asked), 'must alternate'],
    [
      'a user behind a tool',
      chat(asked, chatCall('{}'), chatResult, asked),
      "Unexpected role 'user' after role 'tool'",
    ],
    ['arguments that are a list', chat(asked, chatCall('["Rome"]'), chatResult), 'item pairs'],
  ],
  openAiResponses: [
    ['a call without its output', responses(itemCall('{}')), 'No tool output found for function call c1'],
    [
      'an output without its call',
      responses({ type: 'function_call_output', call_id: 'c1', output: '' }),
      'No tool call',
    ],
    ['a user who says nothing', responses(input()), 'input.0'],
    [
      'a picture that is none',
      responses(input({ type: 'input_image', image_url: 'data:image/png;base64,aGk=' })),
      'valid image',
    ],
    [
      'a file that is no PDF',
      responses(input({ type: 'input_file', filename: 'a.zip', file_data: 'data:application/zip;base64,aGk=' })),
      'input.0',
    ],
  ],
  anthropic: [
    ['white space', claude({ role: 'user', content: [{ type: 'text', text: '\n\n' }] }), 'non-whitespace text'],
    ['arguments that are a list', claude(asked, toolUse(['Rome']), input(toolResult)), 'valid dictionary'],
    ['a call without its result', claude(asked, toolUse({}), asked), 'without `tool_result` blocks'],
    ['a result without its call', claude(input(toolResult)), 'unexpected `tool_use_id`'],
    [
      'results behind words',
      claude(asked, toolUse({}), input({ type: 'text', text: 'So?' }, toolResult)),
      'come first',
    ],
    ['two users in a row', claude(asked, asked), 'roles must alternate'],
    ['a model that begins', claude({ role: 'assistant', content: 'Hi' }), 'first message'],
    ['an empty PDF', claude(input({ type: 'document', source: source('application/pdf', 'aGk=') })), 'PDF specified'],
    ['a TIFF', claude(input({ type: 'image', source: source('image/tiff', 'aGk=') })), "'image/jpeg', 'image/png'"],
    ['a picture that is none', claude(input({ type: 'image', source: source('image/png', 'aGk=') })), 'process image'],
    [
      'a schema of alternatives',
      { ...claude(asked), tools: [{ name: 'a', input_schema: { type: 'object', anyOf: [] } }] },
      'oneOf, allOf, or anyOf',
    ],
  ],
  google: [
    ['no parts', gemini(words()), 'must not be empty'],
    ['white space', gemini(words({ text: ' ' })), 'empty text parameter'],
    ['a zip', gemini(words({ inlineData: { mimeType: 'application/zip', data: 'aGk=' } })), 'Unsupported MIME type'],
    ['arguments that are a list', gemini(words({ text: 'a' }), model(functionCall([]))), 'contents.1'],
    [
      'a call without its result',
      gemini(words({ text: 'a' }), model(functionCall({})), words({ text: 'b' })),
      'equal to',
    ],
    ['a result without its call', gemini(words(functionResponse)), 'immediately after a function call turn'],
    ['two users in a row', gemini(words({ text: 'a' }), words({ text: 'b' })), 'alternate'],
  ],
};

const good: Readonly<Record<StrictKind, unknown>> = {
  openAiChat: chat({ role: 'user', content: 'word '.repeat(20) }),
  vllmChat: chat({ role: 'user', content: 'word '.repeat(20) }),
  openAiResponses: responses(input({ type: 'input_text', text: 'word '.repeat(20) })),
  anthropic: claude({ role: 'user', content: 'word '.repeat(20) }),
  google: gemini(words({ text: 'word '.repeat(20) })),
};

describe.each(strictKinds)('%s', (kind) => {
  it('answers in words and wants tools, in its own protocol', async () => {
    const server = serverOf(kind);
    server.next(
      { kind: 'answer', words: ['Good ', 'day.'] },
      { kind: 'calls', words: ['Let me see.'], calls: [{ name: 'weather', input: { city: 'Rome' } }] },
    );
    expect(await ask(kind)).toMatchObject({ text: 'Good day.', finishReason: 'stop', calls: [] });
    expect(await ask(kind)).toMatchObject({
      text: 'Let me see.',
      finishReason: 'tool-calls',
      calls: [{ name: 'weather', input: { city: 'Rome' } }],
    });
    expect(server.requests.slice(-2).map(({ refused }) => refused)).toEqual([undefined, undefined]);
  });

  it.each(bad[kind])('refuses %s', async (_what, body, says) => {
    const server = serverOf(kind);
    const response = await fetch(server.env.CONTINUO_MODEL_BASE_URL, { method: 'POST', body: JSON.stringify(body) });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(says)]);
  });

  it('refuses half of a surrogate pair, and what is too long for it', async () => {
    const half = await fetch(serverOf(kind).env.CONTINUO_MODEL_BASE_URL, {
      method: 'POST',
      body: String.raw`{"a":"\\\ud83d"}`,
    });
    expect(await half.text()).toContain('no low surrogate in string');
    const short = await startStrictProvider(kind, { contextTokens: 10 });
    const response = await fetch(short.env.CONTINUO_MODEL_BASE_URL, {
      method: 'POST',
      body: JSON.stringify(good[kind]),
    });
    expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(/exceed|too long|maximum/)]);
  });
});
