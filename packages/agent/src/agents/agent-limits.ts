/** How much of an agent's work may go on at the same time: `@A2AAgent({ limits })`. */
import { z } from 'zod';

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
