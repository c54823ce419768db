/** Agents of installed packages, which the stand-alone server is told to serve by CONTINUO_AGENT_PACKAGES. */
import type { Type } from '@nestjs/common';
import type { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';

type AgentClass = Type<A2AAgentBaseService>;
type Exported = Readonly<Record<string, unknown>>;

/** By the name of a package, what loads it: those that are part of the program itself. */
export type PackagesAtHand = Readonly<Record<string, () => Promise<Exported>>>;

/**
 * Of those `atHand`, and else of those that are installed. Whether they are agents is checked at their registration.
 * Throws when a package can't be loaded or exports none.
 */
export async function agentsOfPackages(
  names: readonly string[],
  atHand: PackagesAtHand = {},
): Promise<readonly AgentClass[]> {
  const loaded = await Promise.all(names.map((name) => agentsOf(name, atHand[name])));
  return loaded.flat();
}

async function agentsOf(name: string, loadsIt?: () => Promise<Exported>): Promise<readonly AgentClass[]> {
  const exported = await load(name, loadsIt);
  const agents: unknown = exported.agents;
  if (Array.isArray(agents)) return agents as readonly AgentClass[];
  throw new Error(`CONTINUO_AGENT_PACKAGES: ${name} does not export \`agents\`, a list of agent classes.`);
}

async function load(name: string, loadsIt = async () => (await import(name)) as Exported): Promise<Exported> {
  try {
    return await loadsIt();
  } catch (error) {
    throw new Error(`CONTINUO_AGENT_PACKAGES: ${name} can't be loaded: ${messageOf(error)}`, { cause: error });
  }
}
