/** Tries clients that need Node.js 22 against the agents whose addresses it is handed; writes what went wrong as JSON. */
import { A2AAgent as MastraAgent } from '@mastra/core/a2a';
import { A2AAgent as StrandsAgent } from '@strands-agents/sdk/a2a';
import { all, equal, errorOf, match, ok } from '../src/check.mjs';
import { strandsScenarios } from '../src/strands.mjs';

const world = JSON.parse(process.argv[2]);

function mastra(protocolVersion) {
  const agentAt = (url) => new MastraAgent({ url, protocolVersion });
  return {
    card: async ({ echo }) => match((await agentAt(echo).getAgentCard()).protocolVersion, /^(0\.3|1\.0)/),
    send: async ({ echo }) => equal((await agentAt(echo).generate('hello')).text, 'hello'),
    stream: async ({ streaming }) => {
      const { fullStream } = await agentAt(streaming).stream('3 chunks');
      const chunks = (await all(fullStream)).filter(({ type }) => type === 'text-delta');
      equal(chunks.map(({ payload }) => payload.text).join(''), '0 1 2 ');
      ok(chunks.length > 1, `${chunks.length} chunks`);
    },
    answer: async ({ asking }) => {
      const agent = agentAt(asking);
      const { runId, finishReason } = await agent.generate('go');
      equal(finishReason, 'suspended');
      await agent.resumeGenerate('Ada', { runId });
      match((await agent.resumeGenerate('green', { runId })).text, /Ada likes green/);
    },
    errors: async ({ broken }) => match(String(await errorOf(agentAt(broken).generate('hello'))), /404/),
  };
}

const parties = {
  '`@mastra/core` 1.71.0, `A2AAgent`, A2A 1.0': mastra('1.0'),
  '`@mastra/core` 1.71.0, `A2AAgent`, A2A 0.3': mastra(undefined),
  '`@strands-agents/sdk` 1.19.0, `A2AAgent`': strandsScenarios(StrandsAgent),
};

const outcome = {};
for (const [name, scenarios] of Object.entries(parties)) {
  outcome[name] = {};
  for (const [scenario, work] of Object.entries(scenarios)) {
    outcome[name][scenario] = await work(world).then(
      () => 'works',
      (error) => String(error),
    );
  }
}
process.stdout.write(JSON.stringify(outcome), () => process.exit());
