/** How much of an agent's work may go on at the same time: `@A2AAgent({ limits })`. */
import { z } from 'zod';
import { agentQueue, type LimitedQueue } from '../runs/queues.js';

const count = z.int().positive();

export const limitsSchema = z
  .strictObject({
    /** Tasks that one instance works on at the same time. */
    perInstance: count.optional(),
    /** Tasks that all instances together work on at the same time. */
    total: count.optional(),
    /** Tasks that begin within `perMs` milliseconds, on all instances together. */
    rate: z.strictObject({ tasks: count, perMs: count }).optional(),
  })
  .refine(
    (limits) => Object.values(limits).some((limit) => limit !== undefined),
    'expected perInstance, total or rate',
  );

interface Limited {
  readonly key: string;
  readonly description: { readonly limits?: z.output<typeof limitsSchema> | undefined };
}

/** The queue of an agent's tasks; undefined when nothing limits them. */
export function queueOf({ key, description }: Limited): LimitedQueue | undefined {
  return description.limits === undefined ? undefined : { name: agentQueue(key), limits: description.limits };
}
