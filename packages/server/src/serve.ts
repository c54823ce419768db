/** The stand-alone server with the built-in agents and those of packages, in the process that serves. */
import { agentsOfPackages } from './agents/agent-packages.js';
import { builtinAgents } from './agents/builtin/builtin-agents.js';
import type { Config } from './platform/config.js';
import { startServer, type RunningServer } from './server.js';

/** @throws what `startServer` throws, and when a package has no agents. */
export async function serve({ agentsDir, agentPackages }: Config): Promise<RunningServer> {
  const agents = [...builtinAgents, ...(await agentsOfPackages(agentPackages))];
  return startServer({ agents, agentsDir });
}
