/** Whatever tools there are, of MCP servers or an agent's own, no provider refuses a request because of them. */
import type { ModelMessage } from 'ai';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { askModel, type ModelAnswer } from '@continuo/agent/internal/agents/models/ask-model.js';
import { runTool, toResultPart, type Tools } from '@continuo/agent/internal/agents/tools/run-tool.js';
import { resultToRemember } from '@continuo/agent/internal/agents/tools/tool-memory.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { McpTools } from '../../src/agents/tools/mcp-tools.js';
import { mcpParts } from '../support/mcp-parts.js';
import { OddMcpServer } from '../support/odd-mcp-server.js';
import { afterThisTest } from '../support/outcome.js';
import { run } from '../support/run-tool.js';
import { modelOf } from '../support/strict-providers/strict-model.js';
import {
  startStrictProvider,
  strictKinds,
  type StrictKind,
  type StrictProvider,
} from '../support/strict-providers/strict-provider.js';

const text = { type: 'string' };
const either = (...names: readonly string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, text])),
  required: names,
});
/** At the top of a schema. */
const tops: Readonly<Record<string, unknown>> = {
  anyOf: { anyOf: [either('content'), either('source_url')] },
  oneOf: { oneOf: [either('a', 'b'), either('b', 'c')], properties: { d: text } },
  allOf: { allOf: [either('a'), { $ref: '#/$defs/b' }], $defs: { b: either('b') } },
  not: { properties: { a: text }, not: either('b') },
  conditional: { properties: { a: text }, if: either('a'), else: either('c') },
  enum: { enum: [{}, { a: 1 }] },
  reference: { $ref: '#/$defs/a', $defs: { a: either('a') } },
  'reference to itself': { $ref: '#' },
  'alternatives within alternatives': {
    allOf: [{ anyOf: [either('a'), { oneOf: [either('b'), true] }] }, either('c')],
  },
  'one type in two ways': {
    allOf: [{ properties: { a: text } }, { properties: { a: { type: 'string', maxLength: 3 } } }],
  },
  dependent: { properties: { a: text }, dependentSchemas: { a: either('b') }, dependentRequired: { a: ['b'] } },
  patterns: { patternProperties: { '^x-': text }, additionalProperties: false, propertyNames: { maxLength: 9 } },
  nothing: {},
  recursive: { properties: { next: { $ref: '#' } } },
  old: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    definitions: { a: text },
    properties: { a: { $ref: '#/definitions/a' } },
  },
};
const names = ['search.web', 'x'.repeat(100), '搜索', 'a b', '1', 'a/b', '-'];

/** A tool of an agent's own that takes what contains itself. */
const tree: z.ZodType = z.object({
  get children() {
    return z.array(tree);
  },
});
const own = { plant: tool({ description: 'Plants.', input: tree, run: () => null }) };

function ask(provider: StrictProvider, tools: Tools, messages: ModelMessage[]): Promise<ModelAnswer> {
  const { signal } = new AbortController();
  const question = { model: modelOf(provider), system: 'Search.', messages, tools, signal, timeoutMs: 60_000 };
  return askModel(question, systemClock, async () => undefined);
}

it.each(strictKinds)('offers a model of %s nothing that it refuses', async (kind) => {
  const server = await OddMcpServer.start();
  const schemas = Object.entries(tops).map(([name, top]) => ({
    name,
    inputSchema: { type: 'object', ...(top as object) },
  }));
  server.tools = [
    ...schemas,
    ...names.map((name) => ({ name, description: 'Half a 😀: \ud83d', inputSchema: { type: 'object' } })),
  ];
  const mcp = new McpTools({ odd: { url: server.url }, '4u': { url: `${server.url}?` } }, mcpParts());
  afterThisTest(() => mcp.onApplicationShutdown());
  const tools: Tools = { ...(await mcp.of('all')), ...own };
  expect(Object.keys(tools)).toHaveLength(2 * server.tools.length + 1);

  const provider = await startStrictProvider(kind);
  const wanted = Object.keys(tools).find((name) => name.startsWith('odd_search')) ?? '';
  provider.next({ kind: 'calls', calls: [{ name: wanted, input: {} }] });
  const { calls } = await ask(provider, tools, [{ role: 'user', content: 'Search.' }]);
  expect(provider.refusals()).toEqual([]);
  expect(calls.map(({ name }) => name)).toEqual([wanted]);
  expect(await run(tools[wanted])).toBe('search.web ran');
});

const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
const pdf = Buffer.from('%PDF-1.7').toString('base64');
/** What each reads in the result of a tool. */
const read: Readonly<Record<StrictKind, readonly string[]>> = {
  anthropic: [png, pdf],
  google: [png, pdf],
  openAiChat: [],
  openAiResponses: [png, pdf],
  vllmChat: [],
};

it.each(strictKinds)('shows a model of %s the files of a result that it reads, and names all others', async (kind) => {
  const server = await OddMcpServer.start();
  const broken = Buffer.from('no picture').toString('base64');
  const content = [
    { type: 'text', text: 'Drawn.' },
    { type: 'image', data: png, mimeType: 'image/png' },
    { type: 'image', data: broken, mimeType: 'image/png' },
    { type: 'audio', data: broken, mimeType: 'audio/wav' },
    { type: 'resource', resource: { uri: 'docs://terms.pdf', mimeType: 'application/pdf', blob: pdf } },
    { type: 'resource_link', uri: 'docs://more', name: 'more' },
  ];
  server.react = ({ method }) => (method === 'tools/call' ? { result: { content } } : undefined);
  const mcp = new McpTools({ odd: { url: server.url } }, mcpParts());
  afterThisTest(() => mcp.onApplicationShutdown());
  const tools = await mcp.of('all');

  const call = { id: 'c1', name: 'odd_ping', input: {} };
  const step = (_name: string, work: (step: unknown) => unknown): unknown =>
    work({ signal: new AbortController().signal, idempotencyKey: 'key' });
  const box = { own: {}, all: () => Promise.resolve(tools) };
  const result = await runTool({ step } as never, box, call, 'place', () => Promise.resolve());
  expect(JSON.stringify(resultToRemember(call, 'place', result))).not.toContain(png);

  const provider = await startStrictProvider(kind);
  await ask(provider, tools, [
    { role: 'user', content: 'Draw.' },
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'odd_ping', input: {} }] },
    { role: 'tool', content: [toResultPart(call, result)] },
  ]);
  expect(provider.refusals()).toEqual([]);
  const shown = JSON.stringify(provider.requests[0]?.body);
  for (const name of ['Drawn.', 'image/png', 'audio/wav', 'terms.pdf', 'docs://more']) expect(shown).toContain(name);
  expect([png, pdf, broken].filter((file) => shown.includes(file))).toEqual(read[kind]);
});
