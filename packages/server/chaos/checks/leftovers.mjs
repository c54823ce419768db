/** What must not be there when everything has been stopped: processes, and runs of tasks that have ended. */
import { readdir, readFile } from 'node:fs/promises';

/** @returns {Promise<string[]>} the processes whose command line names the directory of the run */
export async function findProcesses(directory) {
  const found = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid || Number(pid) === process.ppid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(directory)) found.push(`${pid} ${command.replaceAll('\0', ' ').slice(0, 200)}`);
  }
  return found;
}

/**
 * @param {(statement: string) => Promise<any[]>} query
 * @returns {AsyncGenerator<[about: string, problem: string]>}
 */
export async function* checkRuns(query) {
  const rows = await query(`
    SELECT w.workflow_uuid AS id, w.status, t.state FROM dbos.workflow_status w JOIN tasks t ON t.id::text = w.workflow_uuid
    WHERE w.status IN ('PENDING', 'ENQUEUED', 'DELAYED')`);
  for (const { id, status, state } of rows) yield ['run left', `task ${id} is ${state}, and its workflow ${status}`];
  const missing = await query(`
    SELECT t.id, t.parent_id FROM tasks t LEFT JOIN tasks p ON p.id = t.parent_id
    WHERE t.parent_id IS NOT NULL AND p.id IS NULL`);
  for (const { id, parent_id: parent } of missing) yield ['child', `task ${id} has no parent ${parent}`];
}
