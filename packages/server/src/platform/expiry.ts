/** What expires, as every room understands it that has something to remove: the parts that such statements have in common. */
import type { Queryable } from './database.js';

/** Whose things expire that were last touched before a time. */
export interface Expiry {
  /** Null: everybody's but those of `except`. */
  readonly tenant: string | null;
  readonly except: readonly string[];
  readonly before: Date;
}

/** Removes at most a batch; answers with how many it looked at, 0 when nothing is left. */
export type Expire = (client: Queryable, expiry: Expiry) => Promise<number>;

/** Rows that one statement removes. */
export const MOST_EXPIRED = 1_000;

/** Whether a row is one of theirs; `expiryValues` are the statement's first parameters, and `$3` is the time. */
export const inScope = 'tenant = coalesce($1, tenant) AND tenant <> ALL ($2)';

export function expiryValues({ tenant, except, before }: Expiry): readonly unknown[] {
  return [tenant, except, before];
}
