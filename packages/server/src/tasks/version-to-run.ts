/** Which version of its agent an instance may run a task with: a part of the statements that give tasks to instances. */
import { instanceRows, versionRows } from '../runs/views.js';

/** By what `held_by` knows a version of an instance, both SQL expressions, which has tried a task in vain. */
export function triedIn(instance: string, version: string): string {
  return `md5(${instance} || ' ' || ${version})::uuid`;
}

/**
 * SQL that selects the version and its rank, or nothing when the task is not for this instance. `task` is the alias of a
 * row of tasks, `instance` an expression. The newest version that the instance has and that fits:
 * - for a task that has not run: every one;
 * - for a task that ran with a pinned version that an instance alive has: that one;
 * - for a task that is held, by the code of a version that isn't pinned: every one that has not tried it;
 * - for any other: the version that it ran with and newer ones, or the newest that any instance alive has, as after a
 *   rollback.
 */
export function versionToRun(task: string, instance: string): string {
  const own = `coalesce(${task}.held_version, ${task}.agent_version)`;
  return `
SELECT a.version, a.rank FROM ${versionRows} a
WHERE a.instance_id = ${instance} AND a.agent = ${task}.agent
  AND NOT ${triedIn('a.instance_id', 'a.version')} = ANY (${task}.held_by)
  AND (${task}.agent_version IS NULL OR a.version = ${own} OR (
    NOT EXISTS (SELECT 1 FROM ${versionRows} p
                WHERE p.alive AND p.agent = ${task}.agent AND p.version = ${own} AND p.pinned)
    AND (a.rank >= ${task}.agent_rank OR ${task}.held IS NOT NULL
         OR NOT EXISTS (SELECT 1 FROM ${versionRows} n
                        WHERE n.alive AND n.agent = ${task}.agent AND n.rank > a.rank))))
ORDER BY a.rank DESC LIMIT 1`;
}

/** Whether the instance, `i` in the statement and `instance` elsewhere in it, lacks a version for the task. */
const lacks = (task: string, instance: string): string =>
  `(i.agents IS NOT NULL AND NOT EXISTS (${versionToRun(task, instance)}))`;

/** Whether the instance, a SQL expression, can run the task, the alias of a row of tasks. */
export const runsOn = (task: string, instance: string): string => `NOT EXISTS (
  SELECT 1 FROM ${instanceRows} i
  WHERE i.id = ${instance} AND ${lacks(task, instance)})`;

/** Whether the task is to be run, but not by this instance: it lacks a fitting version, or has tried in vain. Both are SQL expressions. */
export const runsElsewhere = (taskId: string, instance: string): string => `
  EXISTS (SELECT 1 FROM tasks t JOIN ${instanceRows} i ON i.id = ${instance}
          WHERE t.id = ${taskId} AND t.state IN ('SUBMITTED', 'WORKING')
            AND (${instance} = ANY (t.held_by) OR ${lacks('t', instance)}))`;
