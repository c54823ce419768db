/** Whether an upload fits into what its owner may store: asked in the transaction that begins or continues it, and while it comes. */
import type { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database, type Queryable } from '../platform/database.js';

/** What there is for files. */
export interface Room {
  /** Bytes, with those that files take up. */
  readonly bytes: number;
  /** What whoever wants more is told. */
  readonly full: () => ContinuoError;
}

export interface Wanted {
  readonly id: string;
  /** Of all of it, as far as it is known. */
  readonly bytes: number;
}

// What was announced takes up room as long as it comes: others that come at the same time don't get it, too.
const othersSql = `
SELECT coalesce(sum(CASE WHEN completed_at IS NULL AND touched_at > now() - interval '1 minute'
                         THEN greatest(bytes, coalesce(length, 0)) ELSE bytes END), 0) AS bytes
FROM files WHERE tenant = $1 AND owner = $2 AND id <> $3`;

/** Throws QUOTA_EXCEEDED. Whoever decides by it what is stored from then on asks in a transaction behind `lockRoom`. */
export async function checkRoom(
  client: Queryable,
  { tenant, owner }: Caller,
  room: Room,
  { id, bytes }: Wanted,
): Promise<void> {
  const [others] = await client.query<{ bytes: string }>(othersSql, [tenant, owner, id]);
  if (Number(others?.bytes ?? 0) + bytes > room.bytes) throw room.full();
}

/** In the transaction of `client`: nobody else begins or continues an upload of this owner before its end. */
async function lockRoom(client: Queryable, { tenant, owner }: Caller): Promise<void> {
  const whose = `files of ${JSON.stringify([tenant, owner])}`;
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [whose]);
}

/** Carries `work` out in a transaction, in which it may ask for `room`. */
export function inRoom<Result>(
  database: Database,
  caller: Caller,
  room: Room | undefined,
  work: (client: Queryable, check: (wanted: Wanted) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  return orUnavailable(() =>
    database.transaction(async (client) => {
      if (room === undefined) return work(client, () => Promise.resolve());
      await lockRoom(client, caller);
      return work(client, (wanted) => checkRoom(client, caller, room, wanted));
    }),
  );
}
