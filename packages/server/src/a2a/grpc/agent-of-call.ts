/** Which agent a call over gRPC is for: one port serves all of them, and no path tells (docs/decisions/0049). */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import type { HeaderOf } from '../../auth/door.js';

/** Names the agent, `type/name`, for clients that don't take `tenant` from a card. */
const AGENT_METADATA = 'continuo-agent';

export interface Addressed {
  /** `type/name`. */
  readonly agent: string;
  /** Of the caller; empty where none is named. */
  readonly tenant: string;
}

const AGENT = /^[\w.-]+\/[\w.-]+$/;
const ROUTE = /^(?:(.+)\/)?([\w.-]+\/[\w.-]+)$/;

/**
 * `tenant` of a request is what the agent's card has there, `type/name`; before it may stand a tenant: `acme/type/name`.
 * Where metadata name the agent, `tenant` may be the tenant alone. Throws INVALID_ARGUMENT.
 */
export function addressedBy(tenant: string, header: HeaderOf): Addressed {
  const named = header(AGENT_METADATA);
  if (named === undefined) {
    const [, before = '', agent] = ROUTE.exec(tenant) ?? [];
    if (agent !== undefined) return { agent, tenant: before };
    throw invalidArgument('tenant', 'the agent as its card has it, <type>/<name>, or <tenant>/<type>/<name>');
  }
  if (!AGENT.test(named)) throw invalidArgument(AGENT_METADATA, 'an agent, <type>/<name>');
  if (tenant === named) return { agent: named, tenant: '' };
  return { agent: named, tenant: tenant.endsWith(`/${named}`) ? tenant.slice(0, -named.length - 1) : tenant };
}
