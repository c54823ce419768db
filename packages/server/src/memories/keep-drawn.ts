/** Keeps what a task has drawn from a session, as one: new memories, changed ones, forgotten ones, and how far it got. */
import type { Memory, MemoryKind, MemoryScope } from '@continuo/agent/internal/memories/memory.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { recordAudit } from '../auth/audit-log.js';
import type { Queryable } from '../platform/database.js';
import { addMemory, changeMemory, deleteMemories, lockMemories } from './memory-rows.js';
import { advanceSource, type MemorySourceRow } from './sources.js';

/** Where it was drawn from. */
export interface DrawnFrom {
  /** As it was when the task looked. */
  readonly source: MemorySourceRow;
  /** The last message that was gone through. */
  readonly to: number;
  /** The same whenever it is tried, and of nothing else. */
  readonly key: string;
}

export interface Keepsake {
  readonly text: string;
  readonly kind: MemoryKind;
  /** Of the message in which it was said. */
  readonly messageId: string;
  /** The first of them is changed, the others are forgotten. */
  readonly replaces: readonly Pick<Memory, 'id'>[];
}

export interface Keepsakes {
  readonly notes: readonly Keepsake[];
  readonly forgotten: readonly Pick<Memory, 'id'>[];
}

/** False, and nothing is kept, when the source has got further already, or is gone. */
export async function keepDrawn(
  client: Queryable,
  scope: MemoryScope,
  { source, to, key }: DrawnFrom,
  { notes, forgotten }: Keepsakes,
  at: Date,
): Promise<boolean> {
  if (!(await advanceSource(client, source, to, at))) return false;
  await lockMemories(client, scope);
  const gone = forgotten.map(({ id }) => id);
  for (const [index, { text, kind, messageId, replaces }] of notes.entries()) {
    const from = { key: source.session, sessionId: source.contextId, messageId };
    const [first, ...others] = replaces;
    gone.push(...others.map(({ id }) => id));
    const changed = first && (await changeMemory(client, scope, first.id, { text, kind, source: from }, at));
    if (changed !== undefined) continue;
    await addMemory(client, scope, { id: derivedId(`${key}:${index}`), text, kind, source: from }, at);
  }
  const { tenant, owner, agent } = scope;
  for (const subject of gone.length === 0 ? [] : await deleteMemories(client, scope, gone)) {
    await recordAudit(client, { tenant, owner, action: 'memory.deleted', subject, details: { agent, drawn: true } });
  }
  return true;
}
