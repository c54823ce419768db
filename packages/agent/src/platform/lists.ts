/** Lists whose length is looked at before what is in them: zod would look at every element, and complain about each. */
import { z } from 'zod';

/** As many as a list in a request has, where nothing else is said. */
const MOST_ITEMS = 1_000;

export interface ListBounds {
  /** Default 0. */
  readonly min?: number;
  /** Default 1,000. */
  readonly max?: number;
  /** Said of a list that is too short. */
  readonly tooFew?: string;
}

/** `min` to `max` of `item`; a longer list is refused unread. */
export function listOf<Item extends z.ZodType>(item: Item, { min = 0, max = MOST_ITEMS, tooFew }: ListBounds = {}) {
  const refuseLong = (value: unknown, { issues }: z.core.ParsePayload): unknown => {
    if (!Array.isArray(value) || value.length <= max) return value;
    issues.push({ code: 'custom', input: undefined, message: `expected at most ${max} items, got ${value.length}` });
    return z.NEVER;
  };
  return z.preprocess(refuseLong, z.array(item).min(min, tooFew).max(max));
}
