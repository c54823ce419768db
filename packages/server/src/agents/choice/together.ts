/** The answers of the agents that an orchestrator has asked, as one. */
import type { Part } from '../../sessions/message.js';
import type { CallResult } from '../task-context.js';
import type { Delegation } from './decision.js';

/** One agent's as it is, those of several under their names. Who failed is not left out. */
export function together(delegations: readonly Delegation[], results: readonly CallResult[]): readonly Part[] {
  if (results.length === 1) return results[0]?.parts ?? [];
  return results.flatMap(({ parts, error }, index) =>
    error === undefined ? [{ text: `${delegations[index]?.agent ?? ''}:` }, ...parts] : [{ text: error }],
  );
}
