/** What must not be there when everything has been stopped: processes, and runs of tasks that have ended. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const GONE_WITHIN_MS = 10_000;

/**
 * The processes that stay: PostgreSQL's takes another moment to go after it has removed its pid file.
 *
 * @returns {Promise<string[]>}
 */
export async function processesLeft(directory) {
  const end = performance.now() + GONE_WITHIN_MS;
  for (;;) {
    const found = await findProcesses(directory);
    if (found.length === 0 || performance.now() > end) return found;
    await delay(100);
  }
}

/** @returns {Promise<string[]>} the processes whose command line names the directory of the run */
async function findProcesses(directory) {
  const found = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid || Number(pid) === process.ppid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(directory)) found.push(`${pid} ${command.replaceAll('\0', ' ').slice(0, 200)}`);
  }
  return found;
}

/**
 * A place whose process died with the last words of its task said is free with it; one of an instance that was alive to the
 * end is lost.
 *
 * @param {(statement: string, values?: unknown[]) => Promise<any[]>} query
 * @param {number} stoppedAt when the instances were stopped
 * @returns {AsyncGenerator<[about: string, problem: string]>}
 */
export async function* checkRuns(query, stoppedAt) {
  const rows = await query(
    `SELECT q.task_id AS id, CASE WHEN q.begun_at IS NULL THEN 'waits for a place' ELSE 'has a place' END AS place, t.state
    FROM queued_runs q JOIN tasks t ON t.id = q.task_id
    WHERE q.begun_at IS NULL OR (q.ended_at IS NULL AND q.begun_by IN (
      SELECT id FROM instances WHERE lost_at IS NULL OR lost_at >= to_timestamp($1 / 1000.0)))`,
    [stoppedAt],
  );
  for (const { id, place, state } of rows) yield ['run left', `task ${id} is ${state}, and ${place}`];
  const missing = await query(`
    SELECT t.id, t.parent_id FROM tasks t LEFT JOIN tasks p ON p.id = t.parent_id
    WHERE t.parent_id IS NOT NULL AND p.id IS NULL`);
  for (const { id, parent_id: parent } of missing) yield ['child', `task ${id} has no parent ${parent}`];
}
