/** `npm run agents -w @continuo/server [-- --agents 10000 --seed N]`: so many random agents, cut off at random commits, must end as without a crash. */
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
process.env.RANDOM_AGENTS = values.agents;
process.env.RANDOM_AGENTS_SEED = values.seed;
process.argv.splice(2, process.argv.length, 'packages/server/test/runs/random-agents.test.ts');
await import('./test.mjs');
