/** Memories are stored, changed and forgotten. */
import {
  MOST_MEMORIES,
  type Memory,
  type MemoryScope,
  type NewMemory,
} from '@continuo/agent/internal/memories/memory.js';
import type { Caller } from '../platform/caller.js';
import type { Queryable } from '../platform/database.js';
import { ownWords } from '../sessions/words.js';
import { memoryColumns, toMemory, type MemoryChange, type MemoryRow } from './memory-form.js';

const returned = memoryColumns.replaceAll(/\w+/g, (column) => `m.${column}`);

// What is there already in the same words is said anew. A memory that was stored before under the same id stays as it is.
const addSql = `
WITH before AS (SELECT id FROM memories WHERE id = $4),
same AS (
  SELECT id FROM memories
  WHERE tenant = $1 AND owner = $2 AND agent = $3 AND text = $6 AND NOT EXISTS (SELECT FROM before) LIMIT 1
),
renewed AS (
  UPDATE memories m SET updated_at = $10, session_id = coalesce($7, m.session_id), context_id = coalesce($8, m.context_id),
    message_id = coalesce($9, m.message_id)
  FROM same s WHERE m.id = s.id RETURNING ${returned}
),
added AS (
  INSERT INTO memories AS m (id, tenant, owner, agent, kind, text, session_id, context_id, message_id, words, created_at, updated_at)
  SELECT $4, $1, $2, $3, $5, $6, $7, $8, $9, ${ownWords('$1', '$2', '$6')}, $10, $10
  WHERE NOT EXISTS (SELECT FROM before) AND NOT EXISTS (SELECT FROM same)
    AND (SELECT count(*) FROM memories WHERE tenant = $1 AND owner = $2 AND agent = $3) < ${MOST_MEMORIES}
  ON CONFLICT (id) DO NOTHING RETURNING ${returned}
)
SELECT * FROM added UNION ALL SELECT * FROM renewed
UNION ALL SELECT ${returned} FROM memories m JOIN before b ON b.id = m.id WHERE m.tenant = $1 AND m.owner = $2 AND m.agent = $3`;

/** Two-part locks of this kind: all memories of an owner and an agent. */
const OF_A_SCOPE = 704_602;

/**
 * In the transaction of `client`: nobody else adds memories of this owner and agent before its end. Asked for before any row
 * of them is changed.
 */
export async function lockMemories(client: Queryable, { tenant, owner, agent }: MemoryScope): Promise<void> {
  const scope = JSON.stringify([tenant, owner, agent]);
  await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [OF_A_SCOPE, scope]);
}

/**
 * Undefined when the owner has as many of this agent as there may be. Once for each id. Needs `lockMemories`: what two add at
 * once neither of them sees.
 */
export async function addMemory(
  client: Queryable,
  { tenant, owner, agent }: MemoryScope,
  { id, kind, text, source }: NewMemory,
  at: Date,
): Promise<Memory | undefined> {
  const from = [source?.key ?? null, source?.sessionId ?? null, source?.messageId ?? null];
  const rows = await client.query<MemoryRow>(addSql, [tenant, owner, agent, id, kind, text, ...from, at.toISOString()]);
  return rows[0] === undefined ? undefined : toMemory(rows[0]);
}

const changeSql = `
UPDATE memories m SET text = coalesce($4, m.text), kind = coalesce($5, m.kind), updated_at = $6,
  words = CASE WHEN $4::text IS NULL THEN m.words ELSE ${ownWords('$2', '$3', '$4::text')} END,
  embedding = CASE WHEN $4::text IS NULL THEN m.embedding END,
  session_id = coalesce($7, m.session_id), context_id = coalesce($8, m.context_id), message_id = coalesce($9, m.message_id)
WHERE m.id = $1 AND m.tenant = $2 AND m.owner = $3 AND m.agent = coalesce($10, m.agent)
RETURNING ${returned}`;

/** What is undefined stays. Undefined for a memory that doesn't exist or isn't theirs; `agent`: of this one alone. */
export async function changeMemory(
  client: Queryable,
  { tenant, owner, agent }: Caller & { readonly agent?: string },
  id: string,
  { text, kind, source }: MemoryChange & Pick<NewMemory, 'source'>,
  at: Date,
): Promise<Memory | undefined> {
  const from = [source?.key ?? null, source?.sessionId ?? null, source?.messageId ?? null, agent ?? null];
  const values = [id, tenant, owner, text ?? null, kind ?? null, at.toISOString(), ...from];
  const rows = await client.query<MemoryRow>(changeSql, values);
  return rows[0] === undefined ? undefined : toMemory(rows[0]);
}

const forgetSql = `
DELETE FROM memories WHERE id = ANY ($1::uuid[]) AND tenant = $2 AND owner = $3 AND agent = coalesce($4, agent) RETURNING id`;

/** Answers with the ids of those that were there and theirs; `agent`: of this one alone. */
export async function deleteMemories(
  client: Queryable,
  { tenant, owner, agent }: Caller & { readonly agent?: string },
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await client.query<{ id: string }>(forgetSql, [ids, tenant, owner, agent ?? null]);
  return rows.map((row) => row.id);
}

const byIdSql = `
SELECT ${memoryColumns} FROM memories WHERE id = ANY ($1::uuid[]) AND tenant = $2 AND owner = $3 AND agent = $4`;

/** Those of them that there are, by their ids. */
export async function readMemories(
  client: Queryable,
  { tenant, owner, agent }: MemoryScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Memory>> {
  const rows = await client.query<MemoryRow>(byIdSql, [ids, tenant, owner, agent]);
  return new Map(rows.map((row) => [row.id, toMemory(row)]));
}
