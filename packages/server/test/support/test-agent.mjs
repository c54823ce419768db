/** Agents for servers that tests start, each by one function. */
import { A2AAgent, A2AAgentBaseService } from '../../dist/index.js';

/** An agent `test/<name>` that does what `execute` says. */
export function agent(name, execute, options = {}) {
  class TestAgent extends A2AAgentBaseService {
    execute(task) {
      return execute(task);
    }
  }
  A2AAgent({ type: 'test', name, description: `Does what ${name} says.`, ...options })(TestAgent);
  return TestAgent;
}

/** Gives back what was said in its session. */
export const remembers = agent('remembers', async (task) => {
  const before = await task.history();
  const said = before.filter(({ role }) => role === 'ROLE_USER').map(({ parts }) => parts[0].text);
  return [...said, task.text].join(', ');
});
