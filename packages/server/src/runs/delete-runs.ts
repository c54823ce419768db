/** Removes what the runs of tasks have stored: their journals, failures and logs, and their places in the queue. */
import type { Queryable } from '../platform/database.js';
import { removeRuns } from './queue-rows.js';
import { eraseUsage } from './usage/erase-usage.js';

export async function deleteRuns(client: Queryable, taskIds: readonly string[]): Promise<void> {
  await eraseUsage(client, taskIds);
  await client.query('DELETE FROM journal WHERE task_id = ANY ($1::uuid[])', [taskIds]);
  await client.query('DELETE FROM task_failures WHERE task_id = ANY ($1::uuid[])', [taskIds]);
  await client.query('DELETE FROM task_logs WHERE task_id = ANY ($1::uuid[])', [taskIds]);
  await removeRuns(client, taskIds);
}
