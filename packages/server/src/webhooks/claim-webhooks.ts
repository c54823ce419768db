/** Which instance delivers to which webhook: a lease on its row, over when it ends or its instance is lost. */
import { instanceRows } from '../runs/views.js';
import type { Database } from '../platform/database.js';

/** Webhooks with something to deliver that one statement looks at. */
const PAGE = 1_000;
/** Webhooks of one owner that an instance claims at once. */
const MOST_OF_AN_OWNER = 50;
/** So many places are left to others for each that an owner has, and one for each that a tenant has. */
const ROOM_BESIDE_OWNER = 6;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Those named in `$5`. */
const named = `waiting AS (SELECT endpoint_id, n FROM unnest($5::uuid[]) WITH ORDINALITY AS w(endpoint_id, n))`;

/** A page of those that have something to deliver, now or later, behind `$5`: from one to the next, whatever each has. */
const paged = `waiting AS (
  (SELECT endpoint_id, 1 AS n FROM webhook_deliveries WHERE status = 'pending' AND endpoint_id > $5::uuid
   ORDER BY endpoint_id LIMIT 1)
  UNION ALL
  SELECT (SELECT d.endpoint_id FROM webhook_deliveries d
          WHERE d.status = 'pending' AND d.endpoint_id > w.endpoint_id ORDER BY d.endpoint_id LIMIT 1), n + 1
  FROM waiting w WHERE w.endpoint_id IS NOT NULL AND n < ${PAGE}
)`;

const isFree = `w.state = 'active' AND (w.claimed_by IS NULL OR w.claimed_until < now()
  OR NOT EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.id = w.claimed_by AND i.lost_at IS NULL))`;

const claimSql = (waiting: string): string => `
WITH RECURSIVE ${waiting},
hook AS MATERIALIZED (
  SELECT w.id, w.tenant, w.owner, w.state, ${isFree} AND EXISTS (
    SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = w.id AND d.status = 'pending' AND d.next_at <= now()) AS free
  FROM webhook_endpoints w WHERE w.id = ANY (ARRAY(SELECT endpoint_id FROM waiting))
),
held AS (SELECT o::json->>0 AS tenant, o::json->>1 AS owner FROM unnest($4::text[]) o),
of_owners AS (
  SELECT id, tenant, owner, row_number() OVER (PARTITION BY tenant, owner ORDER BY id NULLS FIRST) - 1 AS of_owner
  FROM (SELECT NULL::uuid AS id, tenant, owner FROM held UNION ALL SELECT id, tenant, owner FROM hook WHERE free) w
),
of_tenants AS (
  SELECT id, of_owner, row_number() OVER (PARTITION BY tenant ORDER BY id IS NOT NULL, of_owner) - 1 AS of_tenant
  FROM of_owners
),
-- The more an owner or a tenant has already, the more must be free: who has nothing comes first, and finds the last place.
wanted AS MATERIALIZED (
  SELECT id, needs, row_number() OVER (ORDER BY needs) - 1 AS before FROM (
    SELECT id, of_owner * ${ROOM_BESIDE_OWNER} + of_tenant AS needs
    FROM of_tenants WHERE id IS NOT NULL AND of_owner < ${MOST_OF_AN_OWNER}) w
),
claimable AS (
  SELECT w.id FROM webhook_endpoints w JOIN wanted ON wanted.id = w.id
  WHERE wanted.needs < $3::int - wanted.before AND ${isFree}
  -- Weaker than a deletion's lock: the statements that record deliveries go on meanwhile.
  FOR NO KEY UPDATE OF w SKIP LOCKED
),
claimed AS (
  UPDATE webhook_endpoints w SET claimed_by = $1, claimed_until = now() + $2 * interval '1 ms'
  FROM claimable c WHERE w.id = c.id AND EXISTS (SELECT 1 FROM ${instanceRows} i WHERE i.id = $1 AND i.lost_at IS NULL)
  RETURNING w.id, w.tenant, json_build_array(w.tenant, w.owner)::text AS owner
)
SELECT (SELECT coalesce(json_agg(claimed), '[]') FROM claimed) AS claimed,
  (SELECT coalesce(json_agg(id), '[]') FROM hook WHERE state = 'gone') AS gone,
  (SELECT count(*) FROM hook WHERE free) > (SELECT count(*) FROM claimed) AS more,
  (SELECT endpoint_id FROM waiting WHERE n = ${PAGE}) AS next`;

export interface ClaimOptions {
  readonly instanceId: string;
  readonly leaseMs: number;
  /** How many at the most: the instance's free places, of which some are left to those who have none. */
  readonly most: number;
  /** The owners of those that the instance holds, as `owner` of a claim, each as often as it has one. */
  readonly held: readonly string[];
}

export interface Claimed {
  readonly id: string;
  readonly tenant: string;
  readonly owner: string;
}

export interface Claims {
  /** Those that are the instance's now; the owner, with the tenant, as JSON. */
  readonly claimed: readonly Claimed[];
  /** Those that are gone and yet have something to deliver. */
  readonly gone: readonly string[];
  /** Whether something is due of others that nobody holds. */
  readonly more: boolean;
  /** Where the next page begins; null behind the last one. */
  readonly next: string | null;
}

/** Claims those of `ids` that have something due and that no living instance holds. */
export function claimNamed(database: Database, ids: readonly string[], options: ClaimOptions): Promise<Claims> {
  return claim(database, 'claim-named-webhooks', claimSql(named), { ...options, from: ids });
}

/** The same of all webhooks, page by page: `after` is the `next` of the page before. */
export function claimPage(database: Database, after: string | undefined, options: ClaimOptions): Promise<Claims> {
  return claim(database, 'claim-webhooks', claimSql(paged), { ...options, from: after ?? FIRST });
}

async function claim(
  database: Database,
  name: string,
  sql: string,
  { instanceId, leaseMs, most, held, from }: ClaimOptions & { readonly from: unknown },
): Promise<Claims> {
  const [page] = await database.prepared<Claims & Record<string, unknown>>(name, sql, [
    instanceId,
    leaseMs,
    most,
    held,
    from,
  ]);
  if (page === undefined) throw new Error('A claim of webhooks was not answered.');
  return page;
}

/** Lengthens the leases; those that are still this instance's and active, each with what tells that it was changed. */
export async function renewClaims(
  database: Database,
  instanceId: string,
  ids: readonly string[],
  leaseMs: number,
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.prepared<{ id: string; version: string }>(
    'renew-webhooks',
    `UPDATE webhook_endpoints SET claimed_until = now() + $3 * interval '1 ms'
     WHERE id = ANY ($1) AND claimed_by = $2 AND state = 'active' RETURNING id, updated_at::text AS version`,
    [ids, instanceId, leaseMs],
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}

export async function releaseClaims(database: Database, instanceId: string, ids: readonly string[]): Promise<void> {
  await database.prepared(
    'release-webhooks',
    'UPDATE webhook_endpoints SET claimed_by = NULL, claimed_until = NULL WHERE id = ANY ($1) AND claimed_by = $2',
    [ids, instanceId],
  );
}
