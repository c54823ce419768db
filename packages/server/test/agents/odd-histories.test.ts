/** Whatever a session holds, the next turn of each provider's models goes on: no item costs more than itself. */
import { beforeAll, expect, it } from 'vitest';
import { oddItems } from '../support/odd-items.js';
import { SessionTalk } from '../support/session-talk.js';
import { startStrictAgents, type StrictAgents } from '../support/strict-agents.js';
import { strictKinds } from '../support/strict-providers/strict-provider.js';

let agents: StrictAgents;

beforeAll(async () => {
  agents = await startStrictAgents();
});

it.each(oddItems)('goes on after $name', async ({ put }) => {
  await Promise.all(
    strictKinds.map(async (kind) => {
      const talk = new SessionTalk(agents, kind);
      await put(talk);
      const next = (): Promise<string> => talk.say('Forget it. What is 1+1?', { kind: 'answer', words: ['2'] });
      expect([kind, await next()]).toEqual([kind, 'COMPLETED']);
      // What was refused once is not sent again.
      const { requests } = agents.providers[kind];
      const before = requests.length;
      expect([kind, await next()]).toEqual([kind, 'COMPLETED']);
      expect([kind, requests.slice(before).map(({ refused }) => refused)]).toEqual([kind, [undefined]]);
    }),
  );
});
