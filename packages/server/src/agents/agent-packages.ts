/** Agents of installed packages, which the stand-alone server is told to serve by CONTINUO_AGENT_PACKAGES. */
import type { Type } from '@nestjs/common';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';

type AgentClass = Type<A2AAgentBaseService>;

/** Whether they are agents is checked at their registration. Throws when a package can't be loaded or exports none. */
export async function agentsOfPackages(names: readonly string[]): Promise<readonly AgentClass[]> {
  const loaded = await Promise.all(names.map(agentsOf));
  return loaded.flat();
}

async function agentsOf(name: string): Promise<readonly AgentClass[]> {
  const exported = await load(name);
  const agents: unknown = exported.agents;
  if (Array.isArray(agents)) return agents as readonly AgentClass[];
  throw new Error(`CONTINUO_AGENT_PACKAGES: ${name} does not export \`agents\`, a list of agent classes.`);
}

async function load(name: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(name)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new Error(`CONTINUO_AGENT_PACKAGES: ${name} can't be loaded: ${messageOf(error)}`, { cause: error });
  }
}
