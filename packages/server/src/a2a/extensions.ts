/** Extensions of A2A: which of an agent's a call asks for, and which it must ask for (A2A sections 3.2.6 and 4.6). */
import type { AgentCard } from '@a2a-js/sdk';
import type { ServerCallContext } from '@a2a-js/sdk/server';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { CallUser } from './call-context.js';

function extensionsOf({ capabilities }: AgentCard) {
  return capabilities?.extensions ?? [];
}

/** Those that the client asked for, as far as the agent's card has them. */
function askedFor({ requestedExtensions = [] }: ServerCallContext, card: AgentCard): readonly string[] {
  const known = extensionsOf(card).map(({ uri }) => uri);
  return requestedExtensions.filter((uri) => known.includes(uri));
}

/** Says in the answer's head which extensions it keeps to. */
export function activateExtensions(context: ServerCallContext, card: AgentCard): void {
  for (const uri of askedFor(context, card)) context.addActivatedExtension(uri);
  const { activatedExtensions, user } = context;
  if (activatedExtensions !== undefined && user instanceof CallUser) user.activate(activatedExtensions);
}

/** Throws EXTENSION_SUPPORT_REQUIRED for a call that doesn't name all that the agent's card requires. */
export function refuseWithoutRequired({ requestedExtensions = [] }: ServerCallContext, card: AgentCard): void {
  const missing = extensionsOf(card).find(({ uri, required }) => required && !requestedExtensions.includes(uri));
  if (missing === undefined) return;
  throw new ContinuoError(
    'EXTENSION_SUPPORT_REQUIRED',
    `A2A-Extensions: expected ${missing.uri} among them, which this agent needs its clients to keep to`,
    { field: 'A2A-Extensions', expected: missing.uri },
  );
}

/** What a task keeps of them. */
export function keptExtensions(
  context: ServerCallContext,
  card: AgentCard,
): { readonly extensions?: readonly string[] } {
  const extensions = askedFor(context, card);
  return extensions.length === 0 ? {} : { extensions };
}
