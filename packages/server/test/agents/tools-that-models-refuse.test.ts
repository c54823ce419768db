/** What providers refuse because of tools costs the tools, or their files, that are too much, and not the turn. */
import type { Type } from '@nestjs/common';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { learnsToolLimit, offeredTo } from '@continuo/agent/internal/agents/models/tool-limits.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import { saidBy } from '../support/answers.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { OddMcpServer } from '../support/odd-mcp-server.js';
import { asksOnly, modelOf } from '../support/strict-providers/strict-model.js';
import {
  startStrictProvider,
  strictKinds,
  type StrictKind,
  type StrictProvider,
} from '../support/strict-providers/strict-provider.js';

const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
const providers = new Map<StrictKind, StrictProvider>();
const warnings: Record<string, unknown>[] = [];
const logger = { warn: (fields: Record<string, unknown>) => void warnings.push(fields) };
let many: OddMcpServer;
let painter: OddMcpServer;
let server: ModelServer;

function userOf(kind: StrictKind, name: string, url: string): Type<ContextAgentBaseService> {
  class User extends ContextAgentBaseService {
    protected readonly context = 'You use tools.';
    protected override readonly mcp = [{ name: 'web', url }];
    protected override readonly tools = {
      own: tool({ description: 'Its own.', input: z.object({}), run: () => 'Its own ran.' }),
    };

    constructor() {
      super();
      asksOnly(this, providerOf(kind));
      Object.defineProperty(this, 'logger', { get: () => logger, set() {} });
    }
  }
  A2AAgent({ type: name, name: kind.toLowerCase(), description: `Asks ${kind}.` })(User);
  return User;
}

function providerOf(kind: StrictKind): StrictProvider {
  const provider = providers.get(kind);
  if (provider === undefined) throw new Error(`there is no ${kind}`);
  return provider;
}

beforeAll(async () => {
  [many, painter] = await Promise.all([OddMcpServer.start(), OddMcpServer.start()]);
  many.tools = Array.from({ length: 130 }, (_, n) => ({ name: `t${n}`, inputSchema: { type: 'object' } }));
  const drawn = { content: [{ type: 'image', data: png, mimeType: 'image/png' }] };
  painter.react = ({ method }) => (method === 'tools/call' ? { result: drawn } : undefined);
  // As Anthropic says of a picture that it can't make out.
  const refuses = (body: unknown) => (JSON.stringify(body).includes(png) ? 'Could not process image' : undefined);
  for (const kind of strictKinds) providers.set(kind, await startStrictProvider(kind, { refuses }));
  server = await startModelServer(
    strictKinds.flatMap((kind) => [userOf(kind, 'many', many.url), userOf(kind, 'painter', painter.url)]),
  );
});

it.each(strictKinds)(
  'a model of %s is offered as many tools as it takes, its agent’s own before others',
  async (kind) => {
    const provider = providerOf(kind);
    const refused = provider.refusals().length;
    const begun = provider.requests.length;
    for (const words of ['One.', 'Two.']) {
      provider.next({ kind: 'calls', calls: [{ name: 'own', input: {} }] }, { kind: 'answer', words: [words] });
      expect(saidBy(await server.ask(`many/${kind.toLowerCase()}`, 'Go on.'))).toBe(words);
    }
    // Only a server that is merely compatible has to say it first.
    const isLimited = kind === 'openAiChat' || kind === 'openAiResponses';
    expect(provider.refusals().length - refused).toBe(kind === 'openAiChat' ? 1 : 0);
    const last = JSON.stringify(provider.requests.at(-1)?.body);
    expect(['"own"', '"web_t126"', '"web_t127"', '"web_t129"'].map((name) => last.includes(name))).toEqual([
      true,
      true,
      !isLimited,
      !isLimited,
    ]);
    expect(provider.requests.length - begun).toBe(kind === 'openAiChat' ? 5 : 4);
    const told = warnings.filter(({ model }) => model === provider.env.CONTINUO_MODEL);
    expect(told).toEqual(
      isLimited ? [{ model: provider.env.CONTINUO_MODEL, tools: ['web_t127', 'web_t128', 'web_t129'] }] : [],
    );
  },
);

it.each(strictKinds)('a picture of a tool that a model of %s refuses costs the picture', async (kind) => {
  const provider = providerOf(kind);
  const before = provider.refusals().length;
  const call = { kind: 'calls', calls: [{ name: 'web_ping', input: {} }] } as const;
  const sees = ['anthropic', 'google', 'openAiResponses'].includes(kind);
  provider.next(call, call, { kind: 'answer', words: ['Drawn.'] });
  const task = await server.ask(`painter/${kind.toLowerCase()}`, 'Draw.');
  expect(saidBy(task)).toBe('Drawn.');
  expect(provider.refusals().slice(before)).toEqual(sees ? ['Could not process image'] : []);
  expect(JSON.stringify(provider.requests.at(-1)?.body)).toContain('image/png');
  provider.next({ kind: 'answer', words: ['Still here.'] });
  const again = await server.ask(`painter/${kind.toLowerCase()}`, 'And now?', task.contextId);
  expect(saidBy(again)).toBe('Still here.');
  expect(provider.refusals().slice(before)).toHaveLength(sees ? 1 : 0);
});

it.each([
  ["Invalid 'tools': array too long. Expected an array with maximum length 64, but got an array with length 130.", 64],
  ['tools[0].function_declarations: at most 100 function declarations are supported.', 100],
  ['Too many tools: 130 exceeds the limit of 20.', 20],
  ['The tool web_t1 is not known.', undefined],
  ["messages: array too long. Expected an array with maximum length 64. See 'tools'.", undefined],
])('learns from "%s"', (said, most) => {
  const model = modelOf(providerOf('vllmChat'));
  const tools = Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`t${n}`, n]));
  expect(learnsToolLimit(model, tools, said)).toBe(most !== undefined);
  expect(Object.keys(offeredTo(model, tools).offered)).toHaveLength(most ?? 130);
  expect(learnsToolLimit(model, tools, said)).toBe(false);
});
