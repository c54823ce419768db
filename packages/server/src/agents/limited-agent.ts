/** The agents whose tasks wait for a place. */
import type { z } from 'zod';
import type { limitsSchema } from '@continuo/agent/internal/agents/agent-limits.js';
import type { LimitedAgent } from '../runs/queue-rows.js';

interface Described {
  readonly key: string;
  readonly description: { readonly limits?: z.output<typeof limitsSchema> | undefined };
}

/** What limits the agent; undefined where nothing does. */
export function limitedAgent({ key, description }: Described): LimitedAgent | undefined {
  return description.limits === undefined ? undefined : { agent: key, limits: description.limits };
}
