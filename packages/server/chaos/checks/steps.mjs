/** What the steps really did, by the notes of the processes, against what the database recorded of them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stepsOfSomeCodes } from '../agents.mjs';

/** After a cancel a run on another instance may take a second to hear of it; with two busy cores a bit more. */
const CANCEL_MS = 3_000;

/**
 * @typedef {object} Execution
 * @property {string} task
 * @property {string} step
 * @property {string} execution
 * @property {number} pid
 * @property {number} begun
 * @property {number} [done]
 */

/** A process that was stopped on the way into a step is in it as soon as it wakes up: it was the step in flight. */
const WAKING_MS = 5;

/** @returns {Promise<Execution[]>} in the order in which they began */
export async function readExecutions(directory) {
  /** @type {Map<string, Execution>} */
  const executions = new Map();
  for (const name of await readdir(directory)) {
    if (!/^steps-\d+\.ndjson$/.test(name)) continue;
    for (const line of (await readFile(join(directory, name), 'utf8')).split('\n')) {
      if (line === '') continue;
      const { what, at, ...note } = JSON.parse(line);
      if (what === 'begun') executions.set(note.execution, { ...note, begun: at });
      else Object.assign(executions.get(note.execution) ?? {}, { done: at });
    }
  }
  return [...executions.values()].toSorted((one, other) => one.begun - other.begun);
}

/**
 * Every finished step ran once: behind the execution whose result was recorded none began. Executions before it were
 * in flight when something was done to their process or to PostgreSQL.
 *
 * @param {readonly Execution[]} executions
 * @param {(statement: string) => Promise<any[]>} query
 * @param {import('../fleet.mjs').Journal} journal
 * @returns {AsyncGenerator<[about: string, problem: string]>}
 */
export async function* checkSteps(executions, query, journal) {
  const recorded = new Map();
  const rows = await query(`
    SELECT task_id AS task, name AS step, result AS output, extract(epoch FROM ended_at)::float8 * 1000 AS at
    FROM journal WHERE kind = 'step' AND result IS NOT NULL`);
  for (const row of rows) recorded.set(`${row.task} ${row.step}`, row);
  const states = new Map((await query('SELECT id, state FROM tasks')).map((row) => [row.id, row.state]));

  for (const [name, all] of byStep(executions)) {
    const [first] = all;
    const record = recorded.get(name);
    const winner = record === undefined ? undefined : all.find(({ execution }) => record.output.includes(execution));
    if (record === undefined) {
      const maybeNone = stepsOfSomeCodes.has(first.step);
      const lost = all.some((execution) => !(maybeNone && wasCutOff(execution, journal)));
      if (lost && states.get(first.task) === 'COMPLETED') yield ['step', `${name} has no recorded result`];
    } else if (winner === undefined) {
      yield ['step', `${name}: the recorded result ${record.output} is of none of its ${all.length} executions`];
    } else {
      for (const { begun, pid } of all.filter((one) => one.begun > record.at && !isWaking(one, journal))) {
        yield ['step again', `${name} began in process ${pid} ${begun - record.at} ms after its result was recorded`];
      }
    }
    for (const [index, next] of all.slice(1).entries()) {
      if (next.execution === undefined || isExplained(all[index], next, journal)) continue;
      yield [
        'step twice',
        `${name} began in ${all[index].pid} and, ${next.begun - all[index].begun} ms later, in ${next.pid}`,
      ];
    }
  }
}

function isWaking({ pid, begun }, journal) {
  return journal.entries.some(
    (entry) => entry.what === 'resume' && entry.pid === pid && begun >= entry.at && begun - entry.at <= WAKING_MS,
  );
}

/** Whether something happened to the process of the earlier execution, or to PostgreSQL, that cost it the step. */
function isExplained(earlier, next, journal) {
  return isHit(earlier, next.begun, journal);
}

/** Whether something happened to the process of the execution, or to PostgreSQL, before its result could be recorded. */
function wasCutOff(execution, journal) {
  return isHit(execution, (execution.done ?? execution.begun) + 30_000, journal);
}

function isHit({ begun, pid: ofStep }, until, journal) {
  return journal.entries.some(({ at, what, pid }) => {
    if (at < begun - 30_000 || at > until) return false;
    const own = pid === ofStep && ['kill', 'crash', 'exit', 'pause', 'resume', 'term', 'silence'].includes(what);
    return own || what.startsWith('postgres');
  });
}

/** After a task was cancelled nothing of it begins any more. */
export function* checkCancels(executions, cancels, journal) {
  const at = new Map(cancels.map((cancel) => [cancel.taskId, cancel.at]));
  for (const { task, step, pid, begun } of executions) {
    const canceled = at.get(task);
    if (canceled === undefined || begun < canceled + CANCEL_MS) continue;
    const paused = journal.entries.some(
      (entry) => entry.pid === pid && entry.what === 'resume' && Math.abs(entry.at - begun) < CANCEL_MS,
    );
    if (!paused)
      yield ['after cancel', `task ${task}: ${step} began in ${pid} ${begun - canceled} ms after its cancel`];
  }
}

function byStep(executions) {
  const steps = new Map();
  for (const execution of executions) {
    const name = `${execution.task} ${execution.step}`;
    if (steps.has(name)) steps.get(name).push(execution);
    else steps.set(name, [execution]);
  }
  return steps;
}
