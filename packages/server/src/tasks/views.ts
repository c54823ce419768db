/** What statements of other rooms may read of this room's tables: parts of statements, to be joined like views. */

/** The log: events by `task_id` and `seq`. */
export const eventRows = '(SELECT task_id, seq, kind, artifact_id, bytes, payload, message FROM task_events)';

/** Whether a session is still needed: one of its tasks, or the root of one, has not ended, or ended after `time`. */
export const neededSince = (sessionId: string, time: string): string => `
  EXISTS (SELECT 1 FROM tasks t JOIN tasks r ON r.id IN (t.id, t.root_id)
          WHERE t.session_id = ${sessionId}
            AND (r.status_at >= ${time} OR NOT r.state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED')))`;
