/** How much of several tasks is read at once, so that all of them together are no more than one answer may carry. */
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { answerArtifactId } from '@continuo/agent/internal/tasks/answer-artifact.js';
import { orUnavailable, type Database } from '../platform/database.js';
import type { Caller } from '../platform/caller.js';
import { presentSizes } from './present-content.js';
import { sizeJoins } from './read-tasks.js';

export interface TaskSize {
  readonly id: string;
  /** Bytes of its metadata, and of what its agent returned. */
  readonly own: number;
  /** Bytes of its other artifacts. */
  readonly content: number;
}

export function readSizes(database: Database, caller: Caller, ids: readonly string[]): Promise<readonly TaskSize[]> {
  return orUnavailable(() =>
    database.prepared<{ id: string; own: number; content: number }>(
      'read-sizes',
      `SELECT t.id, t.status_bytes + t.metadata_bytes + answer.bytes AS own, content.bytes - answer.bytes AS content
       FROM unnest($1::uuid[], $4::text[]) AS q(id, answer) JOIN tasks t ON t.id = q.id ${sizeJoins('0', 'true')}
       CROSS JOIN LATERAL (
         SELECT coalesce(sum(bytes), 0) AS bytes FROM ${presentSizes('t.id')} WHERE artifact_id = q.answer) answer
       WHERE t.tenant = $2 AND t.owner = $3`,
      [ids, caller.tenant, caller.owner, ids.map(answerArtifactId)],
    ),
  );
}

/**
 * How many bytes of each task may be read: all that it says itself, and its artifacts as far as they fit, small ones before
 * large ones. The same for the same tasks. Throws TerminalError when what they say themselves is more than `most`.
 */
export function shareRoom(sizes: readonly TaskSize[], most: number): ReadonlyMap<string, number> {
  let left = sizes.reduce((room, { own }) => room - own, most);
  if (left < 0) {
    throw new TerminalError(
      `What the children answered is more than ${most} bytes together (CONTINUO_ANSWER_BYTES): call fewer of them at once, ` +
        'or have them publish artifacts.',
    );
  }
  const rooms = new Map<string, number>();
  for (const { id, own, content } of sizes.toSorted((a, b) => a.content - b.content || (a.id < b.id ? -1 : 1))) {
    const share = Math.min(content, left);
    left -= share;
    rooms.set(id, own + share);
  }
  return rooms;
}
