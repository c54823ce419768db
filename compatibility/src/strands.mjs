/** What the agents of Strands that stand for remote ones offer, whichever version of them it is. */
import { all, equal, errorOf, match, ok } from './check.mjs';

export function strandsScenarios(A2AAgent) {
  const agentAt = (url) => new A2AAgent({ url: `${url}/` });
  return {
    card: async ({ echo }) => {
      const agent = agentAt(echo);
      await agent.invoke('hello');
      ok(agent.description, 'no description');
    },
    send: async ({ echo }) => equal((await agentAt(echo).invoke('hello')).toString().trim(), 'hello'),
    stream: async ({ streaming }) => {
      const events = await all(agentAt(streaming).stream('3 chunks'));
      const chunks = events.filter(({ event }) => event?.kind === 'artifact-update');
      ok(chunks.length > 1, `${chunks.length} chunks`);
    },
    errors: async ({ broken }) => match(String(await errorOf(agentAt(broken).invoke('hello'))), /404/),
  };
}
