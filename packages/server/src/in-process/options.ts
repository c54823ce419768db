/** What programs say beside ids: checked as the API checks it, with the names of options instead of headers. */
import { z } from 'zod';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { keySchema } from '../calls/idempotency.js';
import type { Caller } from '../platform/caller.js';
import { onlyFields } from '../platform/known-fields.js';

/** As long as the owner of a key may be. */
const name = z.string().min(1).max(256);
const caller = onlyFields({ owner: name, tenant: name.default('default') });

/** Whom `as` acts as: 1 to 256 characters each. `tenant` is `default` unless it is said. */
export type ActingAs = Pick<Caller, 'owner'> & Partial<Caller>;

/** Throws INVALID_ARGUMENT, naming the field. */
export function toCaller(given: ActingAs): Caller {
  return parse(caller, given);
}

/** Makes a call safe to repeat. */
export interface Once {
  /**
   * 1 to 255 printable ASCII characters. The same key of the same caller does it once, however often it is asked for, and
   * answers as the first time; with something else to do it is refused. Default: none, each call does it anew.
   */
  readonly idempotencyKey?: string | undefined;
}

export const onceFields = { idempotencyKey: keySchema.optional() };
export const onceOptions = onlyFields(onceFields);
