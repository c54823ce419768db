/** A stand-alone server with an agent that says so much that some of it is always on its way. */
import { startServer } from '../../dist/index.js';
import { agent } from './test-agent.mjs';

const talks = agent('talks', async (task) => {
  const { events } = task.data;
  for (let n = 1; n <= events; n += 1) await task.progress(n / events, `Event ${n}`);
  return 'Said.';
});

await startServer({ agents: [talks] });
