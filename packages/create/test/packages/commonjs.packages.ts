/** A project of CommonJS, in JavaScript without decorators: `require` loads the library. */
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { answerOf, serve } from '../../../server/test/support/greeter-project.js';
import { ordinaryProject } from '../support/ordinary-project.js';

const program = `const { A2AAgent, A2AAgentBaseService, startServer } = require('@continuo/server');

class GreeterAgent extends A2AAgentBaseService {
  async execute(task) {
    return await task.step('greet', () => \`Hello, \${task.text}!\`);
  }
}
A2AAgent({ type: 'function', name: 'greeter', description: 'Greets whoever writes.' })(GreeterAgent);

startServer({ agents: [GreeterAgent] }).then(({ url }) => console.log(\`listens at \${url}\`));
`;

it('answers from a program that requires it', async () => {
  const project = await ordinaryProject();
  const overrides = { 'file-type': '21.3.4' };
  await project.write({ 'package.json': { name: 'greeter', private: true, overrides }, 'main.js': program });
  await project.npm('install', '@continuo/server', '@nestjs/platform-express@12');
  const { url } = await createTestDatabase();
  const server = await serve(project, 'main.js', { DATABASE_URL: url });
  expect(await answerOf(server.url)).toBe('Hello, Ada!');
  expect(server.output()).not.toMatch(/warning/i);
  expect(await server.stop()).toBe(0);
});
