/** What the API takes about sessions: its parameters and bodies. */
import { z } from 'zod';
import { onlyFields } from '../platform/known-fields.js';
import { EXPECTED_METADATA, fitsMetadata } from '../sessions/session-metadata.js';
import { choice, flag, paging, search } from './query-parameters.js';
import { sharedParameters } from './shared-access.js';

export const listParameters = z.object({
  ...paging,
  q: search,
  shared: flag(false).describe('true: those that others share with the caller, and nothing beside it in `q`.'),
});
export const messageParameters = sharedParameters.extend({ ...paging, order: choice(['asc', 'desc'], 'asc') });

const title = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\0]*$/, 'expected text without null characters');
const metadata = z.record(z.string(), z.unknown()).refine(fitsMetadata, { error: `expected ${EXPECTED_METADATA}` });
export const newSession = onlyFields({
  title: title.nullish().transform((value) => value ?? undefined),
  metadata: metadata.nullish().transform((value) => value ?? undefined),
});
export const newFork = onlyFields({
  messageId: z.string().min(1).max(256).nullish(),
  title: title.nullish(),
});
/** By name; null removes a value. */
export const stateChange = z.record(z.string(), z.unknown());
export const sessionChange = onlyFields({ title: title.nullish(), metadata: metadata.nullish() });
