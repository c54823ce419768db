/** Agents whose tasks stay open in different ways; with CHECKED_EDIT=1 their code is another one, as after a deploy. */
import { A2AAgent, A2AAgentBaseService } from '../dist/index.js';

const WEEK_MS = 7 * 24 * 3_600_000;
const edited = process.env.CHECKED_EDIT === '1';

/** An agent `checked/<name>` that does what `execute` says. */
function agent(name, execute) {
  class CheckedAgent extends A2AAgentBaseService {
    execute(task) {
      return execute(task);
    }
  }
  A2AAgent({ type: 'checked', name, description: `Part of the measurement of checks: ${name}.` })(CheckedAgent);
  return CheckedAgent;
}

/** As many steps as the task's data says, and what a step of that many does says something, too. */
async function steps(task) {
  for (let n = 1; n <= task.data.steps; n += 1) {
    await task.step(edited && n === task.data.steps ? `other ${n}` : `step ${n}`, () => ({ n, text: 'x'.repeat(200) }));
    await task.progress(n / (task.data.steps + 1), `Step ${n}`);
  }
}

export const agents = [
  agent('asks', async (task) => {
    await steps(task);
    return (await task.requestInput('Go on?')).text;
  }),
  agent('sleeps', async (task) => {
    await steps(task);
    await task.sleep(WEEK_MS);
    return 'Slept.';
  }),
  agent('calls', async (task) => {
    await steps(task);
    return (await task.call('checked/asks', [{ data: { steps: 1 } }])).text;
  }),
  agent('called', async (task) => {
    const results = await task.callAll([1, 2].map((n) => ({ agent: 'checked/answers', input: `number ${n}` })));
    await task.artifact({ name: 'answers', parts: results.map(({ text }) => text).join(' ') });
    await steps(task);
    return (await task.requestInput('Go on?')).text;
  }),
  agent('answers', async (task) => task.text),
];
