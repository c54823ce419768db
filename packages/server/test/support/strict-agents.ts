/** One server with an agent for each strict provider, so that a session may have messages of several models. */
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { A2AAgentBaseService, type AgentAnswer } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from './database.js';
import type { Reply } from './model-reply.js';
import { afterThisTest } from './outcome.js';
import { asksOnly } from './strict-providers/strict-model.js';
import {
  startStrictProvider,
  strictKinds,
  type StrictKind,
  type StrictProvider,
} from './strict-providers/strict-provider.js';

/** Results of tools, by name. */
const results: Readonly<Record<string, () => unknown>> = {
  nothing: () => undefined,
  empty: () => '',
  blank: () => ' \n',
  half: () => `${'a'.repeat(99_998)}😀${'b'.repeat(50)}`,
  lone: () => ({ 'x \ud83d y': ['x \ud83d y'] }),
  long: () => 'word '.repeat(40_000),
  list: () => [1, null, 'two', { three: [] }],
  number: () => Number.NaN,
  deep: () => Array.from({ length: 100 }).reduce((inner: unknown) => [inner], 'deep'),
  throws: () => {
    throw new Error('It broke: \ud83d.');
  },
  silent: () => {
    throw new Error('');
  },
};
export const resultNames: readonly string[] = Object.keys(results);

const tools = {
  give: tool({
    description: 'Gives something.',
    input: z.object({ what: z.string() }),
    run: ({ what }) => results[what]?.() ?? null,
  }),
  hang: tool({ description: 'Never comes back.', input: z.object({}), run: () => new Promise(() => undefined) }),
  ask: tool({
    description: 'Asks a person.',
    input: z.object({}),
    inStep: false,
    run: async (_input, { task }) => (await task.requestInput('Sure?')).text,
  }),
};

function clerkOf(provider: StrictProvider): Type<A2AAgentBaseService> {
  const { kind } = provider;

  @A2AAgent({ type: 'model', name: kind.toLowerCase(), description: `Asks ${kind}.` })
  class Clerk extends ContextAgentBaseService {
    protected readonly context = 'You are a clerk. \ud83d';
    protected override readonly maxRounds = 3;
    protected override readonly tools = tools;

    constructor() {
      super();
      asksOnly(this, provider);
    }
  }
  return Clerk;
}

/** Does what it is told: says the text behind `say`, takes files without a word, fails, refuses, asks, publishes. */
@A2AAgent({ type: 'plain', name: 'actor', description: 'Does what it is told.' })
class Actor extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const { does, says = '' } = actSchema.parse(task.data ?? {});
    if (does === 'fail') throw new Error(says);
    if (does === 'ask') return (await task.requestInput('Which?')).text;
    if (does === 'data') return [{ data: says }, { data: null }, { data: [1, { a: says }] }];
    if (does === 'file') return [{ raw: 'UEsDBA==', filename: says, mediaType: 'application/zip' }];
    return does === 'say' ? says : 'Taken.';
  }
}

const actSchema = z.object({
  does: z.enum(['say', 'take', 'fail', 'ask', 'data', 'file']).default('take'),
  says: z.string().optional(),
});
export type Act = z.input<typeof actSchema>;

export const ACTOR = 'plain/actor';
export const agentOf = (kind: StrictKind): string => `model/${kind.toLowerCase()}`;

export interface StrictAgents {
  readonly url: string;
  readonly providers: Readonly<Record<StrictKind, StrictProvider>>;
  /** What the models do with a message that has this mark in it, in order; then they answer "Yes." */
  script(mark: string, replies: readonly Reply[]): void;
}

/** Marks of messages, in the order in which a model is shown them. */
const MARK = /#\d+\.\d+#/g;

export async function startStrictAgents(options: { readonly contextTokens?: number } = {}): Promise<StrictAgents> {
  const started = await Promise.all(strictKinds.map((kind) => startStrictProvider(kind, options)));
  const { url: databaseUrl } = await createTestDatabase();
  const server = await startServer({
    agents: [Actor, ...started.map(clerkOf)],
    env: { PORT: '0', DATABASE_URL: databaseUrl, CONTINUO_LOG_LEVEL: 'silent' },
  });
  afterThisTest(() => server.stop());
  const scripts = new Map<string, Reply[]>();
  for (const provider of started) {
    provider.otherwise(({ body }) => {
      const mark = JSON.stringify(body).match(MARK)?.at(-1) ?? '';
      return scripts.get(mark)?.shift() ?? { kind: 'answer', words: ['Yes.'] };
    });
  }
  const providers = Object.fromEntries(started.map((provider) => [provider.kind, provider]));
  return {
    url: server.url,
    providers: providers as unknown as StrictAgents['providers'],
    script: (mark, replies) => void scripts.set(mark, [...replies]),
  };
}
