/** Which version of its agent an instance may run a task with: a part of the statements that give tasks to instances. */
import { versionRows } from '../runs/views.js';

/**
 * SQL that selects the version and its rank, or nothing when the task is not for this instance. `task` is the alias of a
 * row of tasks, `instance` an expression. The newest version that the instance has and that fits:
 * - for a task that has not run: every one;
 * - for a task that ran with a pinned version that an instance alive has: that one;
 * - for a task that is held: every other one, as the one that it ran with does not fit;
 * - for any other: the version that it ran with and newer ones, or the newest that any instance alive has, as after a
 *   rollback.
 */
export function versionToRun(task: string, instance: string): string {
  return `
SELECT a.version, a.rank FROM ${versionRows} a
WHERE a.instance_id = ${instance} AND a.agent = ${task}.agent
  AND (${task}.agent_version IS NULL OR a.version = ${task}.agent_version OR (
    NOT EXISTS (SELECT 1 FROM ${versionRows} p
                WHERE p.alive AND p.agent = ${task}.agent AND p.version = ${task}.agent_version AND p.pinned)
    AND (a.rank >= ${task}.agent_rank OR ${task}.held IS NOT NULL
         OR NOT EXISTS (SELECT 1 FROM ${versionRows} n
                        WHERE n.alive AND n.agent = ${task}.agent AND n.rank > a.rank))))
ORDER BY a.rank DESC LIMIT 1`;
}
