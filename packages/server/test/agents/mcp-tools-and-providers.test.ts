/** Whatever tools there are, of MCP servers or an agent's own, no provider refuses a request because of them. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { askModel } from '../../src/agents/models/ask-model.js';
import { modelFromConfig } from '../../src/agents/models/model-from-config.js';
import { McpTools } from '../../src/agents/tools/mcp-tools.js';
import { tool, type AgentTool } from '../../src/agents/tools/tool.js';
import { systemClock } from '../../src/platform/clock.js';
import { OddMcpServer } from '../support/odd-mcp-server.js';
import { afterThisFile } from '../support/outcome.js';
import { run } from '../support/run-tool.js';
import { startStrictProvider, strictKinds } from '../support/strict-providers/strict-provider.js';

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
  const mcp = new McpTools({ odd: { url: server.url }, '4u': { url: `${server.url}?` } }, {
    warn: () => undefined,
  } as never);
  afterThisFile(() => mcp.onApplicationShutdown());
  const tools: Readonly<Record<string, AgentTool>> = { ...(await mcp.of('all')), ...own };
  expect(Object.keys(tools)).toHaveLength(2 * server.tools.length + 1);

  const provider = await startStrictProvider(kind);
  const wanted = Object.keys(tools).find((name) => name.startsWith('odd_search')) ?? '';
  provider.next({ kind: 'calls', calls: [{ name: wanted, input: {} }] });
  const { env } = provider;
  const model = modelFromConfig({
    model: env.CONTINUO_MODEL,
    modelBaseUrl: env.CONTINUO_MODEL_BASE_URL,
    modelApiKey: env.CONTINUO_MODEL_API_KEY,
  });
  const signal = new AbortController().signal;
  const question = {
    model,
    system: 'Search.',
    messages: [{ role: 'user' as const, content: 'Search.' }],
    tools,
    signal,
    timeoutMs: 60_000,
  };
  const { calls } = await askModel(question, systemClock, async () => undefined);
  expect(provider.refusals()).toEqual([]);
  expect(calls.map(({ name }) => name)).toEqual([wanted]);
  expect(await run(tools[wanted])).toBe('search.web ran');
});
