/** However a turn with tools goes, no provider refuses what it is sent next. */
import type { Type } from '@nestjs/common';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import { tool } from '@continuo/agent/internal/agents/tools/tool.js';
import type { Reply } from '../support/model-reply.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import { asksOnly } from '../support/strict-providers/strict-model.js';
import {
  startStrictProvider,
  strictKinds,
  type StrictKind,
  type StrictProvider,
} from '../support/strict-providers/strict-provider.js';

const providers = new Map<StrictKind, StrictProvider>();

function clerkOf(provider: StrictProvider): Type<ContextAgentBaseService> {
  const { kind } = provider;
  class Clerk extends ContextAgentBaseService {
    protected readonly context = 'You are a clerk.';
    protected override readonly maxRounds = 2;
    protected override readonly tools = {
      give: tool({
        description: 'Gives something back.',
        input: z.union([z.object({ what: z.string() }), z.object({ why: z.string() })]),
        run: (input) => ({ ...input, half: 'a \ud83d b' }),
      }),
    };

    constructor() {
      super();
      asksOnly(this, provider);
    }
  }
  A2AAgent({ type: 'strict', name: kind.toLowerCase(), description: `Asks ${kind}.` })(Clerk);
  return Clerk;
}

let server: ModelServer;

beforeAll(async () => {
  for (const kind of strictKinds) providers.set(kind, await startStrictProvider(kind));
  server = await startModelServer([...providers.values()].map(clerkOf));
});

const odd: Reply = {
  kind: 'calls',
  calls: [
    { name: 'give', input: { what: 'half \ud83d' } },
    { name: 'give', input: ['a list'] },
    { name: 'give', input: 7 },
    { name: 'fly \ud83d', input: {} },
  ],
};
const again: Reply = { kind: 'calls', calls: [{ name: 'give', input: { why: 'more' } }] };
const blank: Reply = { kind: 'answer', words: ['\n', '\n'] };

async function ask(kind: StrictKind, replies: readonly Reply[], sessionId?: string) {
  providers.get(kind)?.next(...replies);
  return server.ask(`strict/${kind.toLowerCase()}`, 'Go on.', sessionId);
}

it.each(strictKinds)(
  'ends with words that %s takes, after odd calls, too many of them, and answers of nothing',
  async (kind) => {
    const first = await ask(kind, [odd, blank, { kind: 'answer', words: ['Done.'] }]);
    expect(answerOf(first)).toBe('Done.');
    const { contextId } = first;
    const second = await ask(kind, [odd, again, { kind: 'answer', words: ['Enough.'] }], contextId);
    expect(answerOf(second)).toBe('Enough.');
    expect(second.artifacts?.[0]?.metadata).toMatchObject({ endedBy: 'max-rounds' });
    expect(answerOf(await ask(kind, [again, blank, blank], contextId))).toContain('nothing to add');
    expect(answerOf(await ask(kind, [{ kind: 'answer', words: ['Still here.'] }], contextId))).toBe('Still here.');
    expect(providers.get(kind)?.refusals()).toEqual([]);
  },
);
