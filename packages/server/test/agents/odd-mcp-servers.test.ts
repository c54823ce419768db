/** MCP servers that misbehave: a bad tool costs that tool, a lost session one request, a dead server one wait. */
import { expect, it } from 'vitest';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import type { McpServer } from '@continuo/agent/internal/platform/mcp-server.js';
import { McpTools } from '../../src/agents/tools/mcp-tools.js';
import { mcpParts } from '../support/mcp-parts.js';
import { OddMcpServer, type Unknown } from '../support/odd-mcp-server.js';
import { afterThisTest } from '../support/outcome.js';
import { run } from '../support/run-tool.js';
import { until } from '../support/until.js';

const object = { type: 'object' };

const HURRY = 10;
/** Ten seconds are one. */
const hurried: Clock = {
  now: () => new Date(systemClock.now().getTime() * HURRY),
  sleep: (ms, signal) => systemClock.sleep(ms / HURRY, signal),
};

interface Users {
  readonly tools: McpTools;
  /** The fields of the warnings that were logged. */
  readonly warnings: readonly Readonly<Record<string, unknown>>[];
  readonly names: () => Promise<readonly string[]>;
  /** What the model would be told. */
  readonly call: (name: string) => Promise<unknown>;
}

function users(configured: Readonly<Record<string, McpServer>>, clock = systemClock): Users {
  const warnings: Record<string, unknown>[] = [];
  const log = { warn: (fields: Record<string, unknown>) => void warnings.push(fields) };
  const tools = new McpTools(configured, mcpParts({ log, clock }));
  afterThisTest(() => tools.onApplicationShutdown());
  return {
    tools,
    warnings,
    names: async () => Object.keys(await tools.of('all')),
    call: async (name) => run((await tools.of('all'))[name]),
  };
}

const bad: readonly (readonly [string, string, unknown])[] = [
  ['an outputSchema of no object', 'bad', { name: 'bad', inputSchema: object, outputSchema: { $id: 'x' } }],
  ['an inputSchema of no object', 'bad', { name: 'bad', inputSchema: { anyOf: [object] } }],
  ['no inputSchema', 'bad', { name: 'bad' }],
  [
    'an inputSchema longer than a prompt',
    'bad',
    { name: 'bad', inputSchema: withProperty({ type: 'string', description: 'x'.repeat(100_000) }) },
  ],
  ['a type that there is none of', 'bad', { name: 'bad', inputSchema: withProperty({ type: 'strnig' }) }],
  ['a part that is nowhere', 'bad', { name: 'bad', inputSchema: withProperty({ $ref: '#/$defs/a' }) }],
  [
    'parts that name each other without end',
    'bad',
    {
      name: 'bad',
      inputSchema: { ...object, $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
    },
  ],
  ['alternatives that are itself, over and over', 'bad', { name: 'bad', inputSchema: doubling() }],
  ['the name of another tool', 'ping', { name: 'ping', inputSchema: object }],
  ['an empty name', '', { name: '', inputSchema: object }],
  ['nothing at all', 'null', null],
];

function withProperty(a: unknown): unknown {
  return { type: 'object', properties: { a } };
}

/** Each of its alternatives has twenty, and so on: more than there are atoms. */
function doubling(): unknown {
  const each = (name: string) => ({ anyOf: Array.from({ length: 20 }, () => ({ $ref: `#/$defs/${name}` })) });
  const levels = Array.from({ length: 15 }, (_, level): readonly [string, unknown] => [
    `d${level}`,
    each(`d${level + 1}`),
  ]);
  return { ...object, ...each('d0'), $defs: { ...Object.fromEntries(levels), d15: object } };
}

it.each(bad)('leaves out a tool with %s, and says which', async (_, name, tool) => {
  const server = await OddMcpServer.start();
  server.tools = [...server.tools, tool, { name: 'pong', inputSchema: object }];
  const { names, warnings } = users({ odd: { url: server.url } });
  expect(await names()).toEqual(['odd_ping', 'odd_pong']);
  await names();
  expect(warnings).toEqual([{ server: 'odd', tool: name, reason: expect.any(String) as unknown }]);
});

it('folds what a schema offers at its top', async () => {
  const server = await OddMcpServer.start();
  const either = (...names: readonly string[]): unknown => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
  });
  const attach = { type: 'object', anyOf: [either('content', 'to'), either('source_url', 'to')] };
  const all = { type: 'object', allOf: [either('a'), { $ref: '#/$defs/b' }], $defs: { b: either('b') } };
  server.tools = [
    { name: 'attach', inputSchema: attach },
    { name: 'all', inputSchema: all },
    { name: 'none', inputSchema: { type: 'object', oneOf: [{ type: 'string' }] } },
  ];
  const { tools } = users({ odd: { url: server.url } });
  const offered = await tools.of('all');
  expect(Object.keys(offered)).toEqual(['odd_attach', 'odd_all']);
  const text = { type: 'string' };
  expect(offered['odd_attach']?.inputSchema).toEqual({
    type: 'object',
    properties: { content: text, to: text, source_url: text },
    required: ['to'],
  });
  expect(offered['odd_all']?.inputSchema).toMatchObject({ properties: { a: text, b: text }, required: ['a', 'b'] });
});

it('names every tool so that providers take it, no two alike, and always in the same way', async () => {
  const server = await OddMcpServer.start();
  const offers = (...names: readonly string[]): void => {
    server.tools = names.map((name) => ({ name, inputSchema: object }));
  };
  const long = 'x'.repeat(80);
  offers('b_c', 'c', 'a.b', 'a_b', 'a b', `${long}1`, `${long}2`, '搜索');
  const servers = { a: { url: server.url }, a_b: { url: `${server.url}?` }, '3d': { url: `${server.url}?3d` } };
  const before = await users(servers).names();
  expect(before).toHaveLength(24);
  for (const name of before) expect(name).toMatch(/^[a-zA-Z_][\w-]{0,63}$/);
  expect(before).toEqual(expect.arrayContaining(['a_b_c', 'a_c', 'a_a_b', 'a_b_b_c']));
  // Neither the order nor what else there is counts.
  offers('搜索', `${long}2`, 'b_c');
  const after = await users(servers).names();
  expect(before).toEqual(expect.arrayContaining([...after]));
  const ran = await run((await users(servers).tools.of(['a']))[after.find((name) => name.startsWith('a_b_c_')) ?? '']);
  expect(ran).toBe('b_c ran');
});

it('offers what reads resources beside a tool of the same name', async () => {
  const server = await OddMcpServer.start();
  server.tools = [{ name: 'read_resource', inputSchema: object }];
  const { names, call } = users({ odd: { url: server.url, resources: true } });
  expect(await names()).toEqual(['odd_read_resource', 'odd_list_resources', 'odd_mcp_read_resource']);
  expect(await call('odd_read_resource')).toBe('read_resource ran');
});

it('tells of a tool that was run that it was, when its result has not the form that it declares', async () => {
  const server = await OddMcpServer.start();
  const outputSchema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };
  server.tools = [{ name: 'count', inputSchema: object, outputSchema }];
  const { call } = users({ odd: { url: server.url } });
  const content = [{ type: 'text', text: 'Three.' }];
  const results = [
    { content },
    { content, structuredContent: { n: 'three' } },
    { content, structuredContent: ['three'] },
    { content: [] },
    { structuredContent: { n: 3 } },
  ];
  server.react = ({ method }) => (method === 'tools/call' ? { result: results[server.ran.length] } : undefined);
  const told = [];
  while (told.length < results.length) told.push(await call('odd_count'));
  const note = (why: string): string =>
    `(The tool was run. Its result is not of the form that the tool declares: ${why}.)`;
  expect(told).toEqual([
    `Three.\n\n${note('it is missing')}`,
    `{"n":"three"}\n\n${note('/n must be number')}`,
    `Three.\n\n${note('it is missing')}`,
    note('it is missing'),
    { n: 3 },
  ]);
});

it('gives the model words for every failure, and every part of a result that can be read', async () => {
  const server = await OddMcpServer.start();
  const { call } = users({ odd: { url: server.url } });
  const reactions = [
    { error: { code: -32_603, message: '' } },
    { result: { isError: true, content: [] } },
    { result: { isError: true, content: [{ type: 'text', text: ' ' }], structuredContent: { why: 'full' } } },
    { result: { content: [{ type: 'hologram' }, { type: 'text', text: 'Seen.' }, null] } },
    { result: {} },
  ];
  server.react = ({ method }) => (method === 'tools/call' ? reactions[server.ran.length] : undefined);
  const told = [];
  while (told.length < reactions.length) told.push(await call('odd_ping'));
  expect(told).toEqual([
    new Error('The MCP server "odd" refused with error -32603 and said nothing of the reason.'),
    new Error('The tool ping failed and said nothing of the reason.'),
    new Error('{"why":"full"}'),
    "[hologram that can't be read]\nSeen.\n[content that can't be read]",
    '',
  ]);
});

const ways: readonly (readonly [Unknown, readonly string[]])[] = [
  [400, ['ping ran', 'ping ran']],
  [401, ['ping ran', 'ping ran']],
  [404, ['ping ran', 'ping ran']],
  ['error', ['ping ran', 'ping ran']],
  // What was asked may have been done: it isn't asked again, but the next call has a new session.
  [500, ['not known', 'ping ran']],
  ['reset', ['not known', 'ping ran']],
];

it.each(ways)('renews a session whose loss the server says as %s', async (unknown, expected) => {
  const server = await OddMcpServer.start();
  server.unknown = unknown;
  const { tools, call } = users({ odd: { url: server.url } });
  const known = (await tools.of('all'))['odd_ping'];
  server.restart();
  const told = [await run(known), await call('odd_ping')];
  expect(told.map((said) => (said instanceof Error ? /not known|$/.exec(said.message)?.[0] : said))).toEqual(expected);
  expect(server.count('initialize')).toBe(2);
});

it.each(['cut', 'cut-stream', 'cut-numbered', { status: 500, body: 'oops' }, { status: 200, body: 'Hello?' }] as const)(
  'asks nothing twice that may have been done: %j',
  async (reaction) => {
    const server = await OddMcpServer.start();
    const { call } = users({ odd: { url: server.url } });
    server.react = ({ method }) => (method === 'tools/call' && server.ran.length === 0 ? reaction : undefined);
    expect(String(await call('odd_ping'))).toContain('Whether the call took effect is not known.');
    expect(server.ran).toEqual(['ping']);
    expect(await call('odd_ping')).toBe('ping ran');
  },
);

it('keeps a session in which a tool has failed', async () => {
  const server = await OddMcpServer.start();
  const { call } = users({ odd: { url: server.url } });
  server.react = ({ method }) =>
    method === 'tools/call' ? { error: { code: -32_602, message: 'Invalid: no such order' } } : undefined;
  for (let n = 0; n < 3; n += 1) expect(String(await call('odd_ping'))).toContain('no such order');
  expect(server.count('initialize')).toBe(1);
});

it('follows the list of tools: when it is told, and when the server was started again', async () => {
  const server = await OddMcpServer.start();
  server.speaks = true;
  const { names } = users({ odd: { url: server.url } });
  expect(await names()).toEqual(['odd_ping']);
  await until(() => server.streams > 0, { what: 'the stream of the server' });
  server.tools = [{ name: 'pong', inputSchema: object }];
  server.notify('notifications/tools/list_changed');
  await until(async () => (await names()).includes('odd_pong'), { what: 'the new tool' });
  server.tools = [{ name: 'pang', inputSchema: object }];
  server.restart();
  await until(async () => (await names()).includes('odd_pang'), {
    what: 'the tool of the server that was started again',
  });
});

it('reads the list anew from time to time, of a server that tells nothing', async () => {
  const server = await OddMcpServer.start();
  const { names } = users({ odd: { url: server.url } }, hurried);
  await until(async () => (await names()).includes('odd_ping'), { what: 'the first list' });
  server.tools = [{ name: 'pong', inputSchema: object }];
  server.restart();
  await until(async () => (await names()).includes('odd_pong'), { what: 'the new tool' });
  expect(server.count('initialize')).toBe(2);
});

it('knows the tools of a server that says nothing while it carries out a call', async () => {
  const server = await OddMcpServer.start();
  const { tools, names } = users({ odd: { url: server.url } }, hurried);
  await until(async () => (await names()).includes('odd_ping'), { what: 'the first list' });
  const known = (await tools.of('all'))['odd_ping'];
  let answer = (): void => undefined;
  server.react = ({ method }) => {
    if (method !== 'tools/call') return server.ran.length > 0 ? 'hang' : undefined;
    return { later: new Promise((resolve) => (answer = resolve)) };
  };
  const call = run(known);
  await until(() => server.ran.length > 0, { what: 'the call' });
  const lists = server.count('tools/list');
  // Each of them has waited in vain.
  await until(async () => (await names()).includes('odd_ping') && server.count('tools/list') > lists + 1, {
    what: 'two more looks at the list',
  });
  expect(await names()).toEqual(['odd_ping']);
  answer();
  expect(await call).toBe('ping ran');
  expect(server.count('initialize')).toBe(1);
});

it.each(['initialize', 'tools/list'])(
  'waits for a server that is silent at %s once for all, and finds it again by itself',
  async (method) => {
    const [silent, good] = [await OddMcpServer.start(), await OddMcpServer.start()];
    let isSilent = true;
    silent.react = (message) => (isSilent && message.method === method ? 'hang' : undefined);
    const { tools, names, warnings } = users({ silent: { url: silent.url }, good: { url: good.url } }, hurried);
    await until(async () => 'good_ping' in (await tools.of(['good'])), { what: 'the good server' });
    // Those who come together wait together; those who come later don't wait at all.
    expect(await Promise.all([names(), names(), names()])).toEqual([['good_ping'], ['good_ping'], ['good_ping']]);
    for (let turn = 0; turn < 20; turn += 1) expect(await names()).toEqual(['good_ping']);
    // Beside what those asked who came together, there were looks.
    expect(silent.count(method)).toBeLessThan(10);
    expect(warnings.at(-1)).toMatchObject({ server: 'silent' });
    isSilent = false;
    await until(async () => (await names()).includes('silent_ping'), { what: 'the server that speaks again' });
  },
);

it('does not wait at the end for a server that is silent', async () => {
  const server = await OddMcpServer.start();
  server.react = () => 'hang';
  const { tools, names } = users({ odd: { url: server.url } });
  const asked = names();
  await until(() => server.asked.length > 0, { what: 'the server to be asked' });
  await tools.onApplicationShutdown();
  expect(await asked).toEqual([]);
});

it('cuts a description that would leave no room in a prompt', async () => {
  const server = await OddMcpServer.start();
  server.tools = [{ name: 'talker', inputSchema: object, description: '😀'.repeat(100_000) }];
  const { tools } = users({ odd: { url: server.url } });
  const { description = '' } = (await tools.of('all'))['odd_talker'] ?? {};
  expect(description.length).toBeLessThanOrEqual(10_001);
  expect(description.isWellFormed()).toBe(true);
});
