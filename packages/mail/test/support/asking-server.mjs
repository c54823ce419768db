/** A stand-alone server whose agent `test/asks` asks what its task's data say, one question after the other. */
import { startServer } from '../../../server/dist/index.js';
import { agent } from '../../../server/test/support/test-agent.mjs';

const asks = agent('asks', async (task) => {
  const answers = [];
  for (const { question, ...options } of task.data) {
    const { text, data } = await task.requestInput(question, options);
    answers.push(data ?? text);
  }
  return JSON.stringify(answers);
});
const delegates = agent('delegates', async (task) => (await task.call('test/asks', [{ data: task.data }])).text);

await startServer({ agents: [asks, delegates] });
