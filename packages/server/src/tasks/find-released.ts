/** Finds tasks that wait for a child's answer although the child waits for it no more: somebody answered or ended it directly. */
import { INPUT_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { Database } from '../platform/database.js';

/** A task that waits, and the id of the message with which it asks. */
export interface WaitingTask {
  readonly id: string;
  readonly contextId: string;
  readonly agent: string;
  readonly question: string;
  /** Since when it waits: a time of the database. */
  readonly since: Date | string;
}

/** Most often nobody needs to look: the end of a child's wait tells its parent (append-events.ts). */
export function findReleased(database: Database): Promise<readonly WaitingTask[]> {
  return database.prepared<{ id: string; contextId: string; agent: string; question: string; since: Date }>(
    'find-released',
    `SELECT p.id, p.context_id AS "contextId", p.agent, p.status_message->>'messageId' AS question, p.status_at AS since
     FROM tasks p JOIN tasks c ON c.id = p.waits_for
     WHERE p.waits_for IS NOT NULL AND (
       c.state NOT IN ('INPUT_REQUIRED', 'AUTH_REQUIRED')
       -- It asks something else by now.
       OR c.status_message->>'messageId' <> p.status_message->'metadata'->'${INPUT_EXTENSION}'->'askedBy'->>'question'
     ) LIMIT 500`,
    [],
  );
}
