/** A caller's memories, most recently changed first: one page by cursor, or all of them. */
import type { Memory } from '@continuo/agent/internal/memories/memory.js';
import type { Caller } from '../platform/caller.js';
import { Cursor, MICROSECONDS, timePosition } from '../platform/cursor.js';
import type { Queryable } from '../platform/database.js';
import { prefixQuery } from '../platform/prefix-query.js';
import { rowsById } from '../platform/rows-by-id.js';
import { ownQuery } from '../sessions/views.js';
import { memoryColumns, toMemory, type MemoryPage, type MemoryRow } from './memory-form.js';

const cursor = new Cursor('memories', timePosition);

export interface MemoryQuery {
  /** `type/name`; undefined: of all agents. */
  readonly agent?: string | undefined;
  /** Words, the last one may be a beginning. */
  readonly q?: string | undefined;
  /** At least 1. */
  readonly size: number;
  /** Empty for the first page. */
  readonly token: string;
}

const EXPORTED = 200;

/** Throws INVALID_ARGUMENT for a token that isn't of this list. */
export async function listMemories(
  database: Queryable,
  caller: Caller,
  { agent, q, size, token }: MemoryQuery,
): Promise<MemoryPage> {
  const values: unknown[] = [caller.tenant, caller.owner];
  const where = ['tenant = $1', 'owner = $2'];
  const query = prefixQuery(q);
  const source =
    query === undefined
      ? 'memories'
      : `${rowsById('memories', `SELECT id FROM memories WHERE words @@ ${ownQuery('$1', '$2', `$${values.push(query)}`)}`)} m`;
  if (agent !== undefined) where.push(`agent = $${values.push(agent)}`);
  if (token !== '') {
    const [at, id] = cursor.decode(token);
    where.push(`(updated_at, id) < ($${values.push(at)}::timestamptz, $${values.push(id)}::uuid)`);
  }
  const rows = await database.query<MemoryRow & { readonly cursor_at: string }>(
    `SELECT ${memoryColumns}, to_char(updated_at AT TIME ZONE 'UTC', '${MICROSECONDS}') AS cursor_at
     FROM ${source} WHERE ${where.join(' AND ')}
     ORDER BY updated_at DESC, id DESC LIMIT $${values.push(size + 1)}`,
    values,
  );
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    memories: rows.slice(0, size).map(toMemory),
    nextPageToken: last === undefined ? '' : cursor.encode([last.cursor_at, last.id]),
  };
}

/** All of them, a page at a time. */
export async function* allMemories(
  database: Queryable,
  caller: Caller,
  agent: string | undefined,
): AsyncGenerator<readonly Memory[], void> {
  for (let token = ''; ;) {
    const page = await listMemories(database, caller, { agent, size: EXPORTED, token });
    yield page.memories;
    if (page.nextPageToken === '') return;
    token = page.nextPageToken;
  }
}
