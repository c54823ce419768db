/** A stand-alone server with the agents in the versions that AGENT_VERSIONS names: `latest@1.9.0,pinned@1.0.0,pinned@2.0.0`. */
import { startServer } from '../../dist/index.js';
import { agent } from './test-agent.mjs';

const wanted = (process.env.AGENT_VERSIONS ?? '').split(',').filter((version) => version !== '');

/** `test/latest`, `test/pinned` and `test/limited`, which is pinned, too: a step for each "go on" that it is given: which version ran which of them is what the task says in the end. */
const execute = (version) => async (task) => {
  const ran = [];
  for (;;) {
    ran.push(await task.step(`step ${ran.length + 1}`, () => version));
    const { text } = await task.requestInput(`After step ${ran.length}?`);
    if (text === 'end') return ran.join();
    if (text === 'fail') throw new Error('Told to fail.');
  }
};

await startServer({
  agents: [
    ...wanted.map((each) => {
      const [name, version] = each.split('@');
      const deploys = name === 'latest' ? 'latest' : 'pinned';
      return agent(name, execute(version), {
        version,
        deploys,
        ...(name === 'limited' ? { limits: { total: 2 } } : {}),
      });
    }),
    /** Calls the agent that its text names. */
    agent('calls', async (task) => (await task.call(task.text, 'go')).text),
  ],
});
