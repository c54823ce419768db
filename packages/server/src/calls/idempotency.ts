/** `Idempotency-Key`: the same key of the same caller stands for the same request, and for what it made. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalidArgument, type ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { canonicalJson } from '../platform/canonical-json.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database } from '../platform/database.js';
import { expiryValues, inScope, MOST_EXPIRED, type Expire } from '../platform/expiry.js';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
const MOST_CHARACTERS = 255;
const KEY = `1 to ${MOST_CHARACTERS} printable ASCII characters`;

/** A key that programs give, where HTTP has the header. */
export const keySchema = z
  .string({ error: `expected ${KEY}` })
  .max(MOST_CHARACTERS, `expected ${KEY}`)
  .regex(/^[\x20-\x7e]+$/, `expected ${KEY}`);

/** The value of the header, checked; undefined without one. Throws INVALID_ARGUMENT. */
export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (keySchema.safeParse(header).success) return header;
  throw invalidArgument(IDEMPOTENCY_KEY, KEY);
}

/** The key has stood for another request. */
export function usedOtherwise(): ContinuoError {
  return invalidArgument(IDEMPOTENCY_KEY, 'a key that was not used for another request before');
}

export class IdempotencyKeys {
  constructor(private readonly database: Database) {}

  /**
   * The id of what `operation` makes of `request` under this key: the same for every repetition, whichever instance it
   * reaches. It is stored before anything is made, so whoever makes something has to recognise it by this id.
   * Undefined without a key. Throws INVALID_ARGUMENT when the key was used for another request.
   */
  claim(caller: Caller, key: string, operation: string, request: unknown): Promise<string>;
  claim(caller: Caller, key: string | undefined, operation: string, request: unknown): Promise<string | undefined>;
  async claim(
    caller: Caller,
    key: string | undefined,
    operation: string,
    request: unknown,
  ): Promise<string | undefined> {
    if (key === undefined) return undefined;
    const fingerprint = createHash('sha256')
      .update(canonicalJson([operation, request]))
      .digest('hex');
    const scope = [caller.tenant, caller.owner, key];
    const claimed = await orUnavailable(async () => {
      const [made] = await this.database.query<{ id: string; fingerprint: string }>(
        `INSERT INTO idempotency_keys (tenant, owner, key, fingerprint, id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING id, fingerprint`,
        [...scope, fingerprint, newId()],
      );
      if (made !== undefined) return made;
      const [known] = await this.database.query<{ id: string; fingerprint: string }>(
        'SELECT id, fingerprint FROM idempotency_keys WHERE tenant = $1 AND owner = $2 AND key = $3',
        scope,
      );
      return known;
    });
    if (claimed === undefined) throw new Error('An idempotency key was neither stored nor found.');
    if (claimed.fingerprint === fingerprint) return claimed.id;
    throw usedOtherwise();
  }
}

/** After that the same key stands for a new request. */
export const expireIdempotencyKeys: Expire = async (client, expiry) => {
  const gone = await client.query(
    `DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM idempotency_keys WHERE created_at < $3 AND ${inScope} LIMIT ${MOST_EXPIRED} FOR UPDATE SKIP LOCKED))
     RETURNING 1`,
    expiryValues(expiry),
  );
  return gone.length;
};
