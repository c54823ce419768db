/** Removes what the runs of tasks have stored: their journals, failures and logs, and what DBOS has of them. */
import type { Queryable } from '../platform/database.js';
import { eraseUsage } from './usage/erase-usage.js';

/** Where DBOS keeps workflows; only its own schema ties the first to others. */
const runTables = ['workflow_status', 'workflow_input', 'workflow_output', 'operation_outputs'] as const;

export async function deleteRuns(client: Queryable, taskIds: readonly string[]): Promise<void> {
  await eraseUsage(client, taskIds);
  await client.query('DELETE FROM journal WHERE task_id = ANY ($1::uuid[])', [taskIds]);
  await client.query('DELETE FROM task_failures WHERE task_id = ANY ($1::uuid[])', [taskIds]);
  await client.query('DELETE FROM task_logs WHERE task_id = ANY ($1::uuid[])', [taskIds]);
  for (const table of runTables) {
    await client.query(`DELETE FROM dbos.${table} WHERE workflow_uuid = ANY ($1)`, [taskIds]);
  }
}
