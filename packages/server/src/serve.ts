/** The stand-alone server with the built-in agents and those of packages, in the process that serves. */
import { agentsOfPackages, type PackagesAtHand } from './agents/agent-packages.js';
import { builtinAgents } from './agents/builtin/builtin-agents.js';
import type { Config } from './platform/config.js';
import { loadApplication } from './server.js';
import type { Make } from './standalone.js';

/** Throws PACKAGE_MISSING, and when a package has no agents. */
export async function load({ agentsDir, agentPackages }: Config, atHand: PackagesAtHand): Promise<Make> {
  const agents = [...builtinAgents, ...(await agentsOfPackages(agentPackages, atHand))];
  return loadApplication({ agents, agentsDir });
}
