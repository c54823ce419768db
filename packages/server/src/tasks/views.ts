/** What statements of other rooms may read of this room's tables: parts of statements, to be joined like views. */

/** The event `seq` of the log of a task, both SQL expressions: kind, artifact_id, bytes, payload, outline, message, and whether all of it is in `payload`. */
export const eventAt = (taskId: string, seq: string): string => `(
  SELECT kind, artifact_id, bytes, payload, outline, message, object IS NULL AS whole FROM task_events
  WHERE task_id = ${taskId} AND seq = ${seq}
    AND page = (SELECT last_seq FROM task_pages WHERE task_id = ${taskId} AND last_seq >= ${seq} ORDER BY last_seq LIMIT 1))`;

/** The id of the task, a SQL expression, which is not deleted before the transaction ends; no row when it is gone. */
export const lockedTask = (taskId: string): string => `(SELECT id FROM tasks WHERE id = ${taskId} FOR KEY SHARE)`;

/** Where the task, a SQL expression, is in a trace, as JSON: TaskTrace; null without tracing. */
export const traceOf = (taskId: string): string => `(SELECT trace FROM tasks WHERE id = ${taskId})`;

/** The ids of the task, a SQL expression, and of all that it has called. */
export const tasksBelow = (taskId: string): string => `(
  WITH RECURSIVE below AS (
    SELECT id FROM tasks WHERE id = ${taskId} UNION ALL SELECT t.id FROM below b JOIN tasks t ON t.parent_id = b.id)
  SELECT id FROM below)`;

/**
 * The number of the last message that was in its session when another task called with this message; null where none has. All
 * are SQL expressions.
 */
export const saidBeforeCall = (tenant: string, owner: string, contextId: string, messageId: string): string => `(
  SELECT said_before FROM tasks
  WHERE tenant = ${tenant} AND owner = ${owner} AND context_id = ${contextId} AND message_id = ${messageId}
    AND parent_id IS NOT NULL)`;

/** Whether a task is to be run, whoever does it; and whether one waits for a time that has come. */
export const someToRun = "EXISTS (SELECT 1 FROM tasks WHERE state IN ('SUBMITTED', 'WORKING') AND wakes_at IS NULL)";
export const someDue = 'EXISTS (SELECT 1 FROM tasks WHERE wakes_at <= now())';

/** Whether a task is held. */
export const someHeld = 'EXISTS (SELECT 1 FROM tasks WHERE held IS NOT NULL)';

/** Whether a session is still needed: one of its tasks, or the root of one, has not ended, or ended after `time`. */
export const neededSince = (sessionId: string, time: string): string => `
  EXISTS (SELECT 1 FROM tasks t JOIN tasks r ON r.id IN (t.id, t.root_id)
          WHERE t.session_id = ${sessionId}
            AND (r.status_at >= ${time} OR NOT r.state IN ('COMPLETED', 'FAILED', 'CANCELED', 'REJECTED')))`;

/** Tasks as their traces show them; `ran_until` and `ran_out`: how the last run let go of the task, if it did. */
export const tracedTasks = `(SELECT id, tenant, owner, agent, agent_version, context_id, parent_id, root_id, message_id, state, status_at,
    created_at, attempt, origin, held IS NOT NULL AS held, error, answers, earlier_runs, run_token IS NOT NULL AS runs,
    run_instance, run_began_at AS ran_from, run_ended_at AS ran_until, run_end AS ran_out FROM tasks)`;

/** Runs of tasks that were followed by another one. */
export const earlierRuns =
  '(SELECT task_id, number, attempt, instance, version, began_at, ended_at, ending FROM task_runs)';
