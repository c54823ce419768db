/** `npm run histories -w @continuo/server [-- --sessions 5000 --seed N]`: so many random sessions, each turn of which every strict provider must accept. */
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
process.env.RANDOM_SESSIONS = values.sessions;
process.env.RANDOM_SESSIONS_SEED = values.seed;
process.argv.splice(2, process.argv.length, 'packages/server/test/agents/random-histories.test.ts');
await import('./test.mjs');
