/** `npm start`: the stand-alone server with the built-in agents. */
import { agentsOfPackages } from './agents/agent-packages.js';
import { builtinAgents } from './agents/builtin/builtin-agents.js';
import { findConsole } from './api/console-files.js';
import { loadConfig } from './platform/config.js';
import { messageOf } from './platform/errors.js';
import { startServer } from './server.js';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  const { agentsDir, agentPackages } = loadConfig();
  const agents = [...builtinAgents, ...(await agentsOfPackages(agentPackages))];
  const server = await startServer({ agents, agentsDir });
  say(`Continuo is ready at ${server.url}`);
  if (findConsole() !== undefined) say(`  console   ${server.url}/`);
  say(`  agents    ${server.url}/agents`);
  say(`  an agent  ${server.url}/agents/context/assistant/.well-known/agent-card.json`);
} catch (error) {
  say(`Continuo did not start. ${messageOf(error)}`);
  process.exit(1);
}
