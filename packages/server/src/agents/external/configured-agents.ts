/** The remote agents of CONTINUO_EXTERNAL_AGENTS, and those that administrators connect, each as an agent class of its own. */
import type { Type } from '@nestjs/common';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { ExternalAgentSettings } from '../../platform/external-agents.js';
import { ExternalA2AAgentBaseService } from '../external-a2a-agent-base.service.js';

/** What it says of itself is what the remote agent's card says. */
export abstract class ConfiguredAgent extends ExternalA2AAgentBaseService {}

export function configuredAgents(settings: readonly ExternalAgentSettings[]): readonly Type<ConfiguredAgent>[] {
  return settings.map(configuredAgent);
}

export function configuredAgent({ name, card, headers, patienceMs }: ExternalAgentSettings): Type<ConfiguredAgent> {
  class ExternalAgent extends ConfiguredAgent {
    protected override readonly cardUrl = card;
    protected override readonly headers = headers;
    protected override readonly patienceMs = patienceMs;
  }
  const description = `A remote agent whose card has not been read yet (${new URL(card).host}).`;
  A2AAgent({ type: 'external', name, description })(ExternalAgent);
  return ExternalAgent;
}

/** The `type/name` of the remote agent that is called `name` here. */
export function keyOf(name: string): string {
  return `external/${name}`;
}
