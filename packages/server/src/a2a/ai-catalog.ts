/** The host's agents as an AI Catalog (version 0.9 of its specification): what `/.well-known/ai-catalog.json` answers. */
import type { AgentCard } from '@a2a-js/sdk';
import type { RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';

/** Those that the operator lists: `type/name`, `type/*` or `*`. Whoever wants an internal one listed names it. */
export function listedAgents(
  agents: readonly RegisteredAgent[],
  listed: readonly string[],
): readonly RegisteredAgent[] {
  return agents.filter(({ key, description: { type, internal } }) => {
    const anyOf = listed.includes('*') || listed.includes(`${type}/*`);
    return listed.includes(key) || (anyOf && !internal);
  });
}

/** `agents` with their public cards. */
export function aiCatalog(
  agents: readonly { readonly agent: Pick<RegisteredAgent, 'key'>; readonly card: AgentCard }[],
  baseUrl: string,
): Readonly<Record<string, unknown>> {
  const { hostname } = new URL(baseUrl);
  return {
    specVersion: '0.9',
    host: { displayName: hostname, identifier: hostname },
    entries: agents.map(({ agent: { key }, card: { name, description, version, skills } }) => ({
      identifier: `urn:air:${hostname}:${key}:a2a`,
      type: 'application/a2a-agent-card+json',
      url: `${baseUrl}/agents/${key}/.well-known/agent-card.json`,
      displayName: name,
      description,
      version,
      tags: [...new Set(skills.flatMap(({ tags }) => tags))],
    })),
  };
}
