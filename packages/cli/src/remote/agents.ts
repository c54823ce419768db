/** The agents of a server, found as people name them. */
import type { Agent } from '@continuo/client';
import { CommandFailedError } from '../terminal/failure.js';
import { nearest } from '../terminal/nearest.js';
import type { Server } from './server.js';

export async function agentsOf(server: Server): Promise<readonly Agent[]> {
  return (await server.call('listAgents', {})).agents;
}

/** `given`: type/name, or the name alone where it is clear. Throws CommandFailedError that names what there is. */
export function agentNamed(given: string, agents: readonly Agent[]): Agent {
  const exact = agents.find((agent) => keyOf(agent) === given);
  if (exact !== undefined) return exact;
  const named = agents.filter(({ name }) => name === given);
  const [only] = named;
  if (only !== undefined && named.length === 1) return only;
  if (named.length > 1)
    throw new CommandFailedError(`Several agents are called ${given}: ${named.map(keyOf).join(', ')}.`);
  const all = agents.filter(({ internal }) => !internal).map(keyOf);
  // It may be given without its type.
  const near = nearest(given, all, (key) => (given.includes('/') ? key : key.slice(key.indexOf('/') + 1)));
  const rest = all.length === 0 ? 'The server has none.' : `There are ${all.join(', ')}.`;
  throw new CommandFailedError(`There is no agent ${given}. ${near === undefined ? rest : `Did you mean ${near}?`}`);
}

export function keyOf({ type, name }: Agent): string {
  return `${type}/${name}`;
}
