/** All invariants, on the database after everything has stopped and on what the clients wrote down. */
import { checkExpectation, checkFeed, checkFollower } from './clients.mjs';
import { checkRuns } from './leftovers.mjs';
import { checkSessions } from './sessions.mjs';
import { checkCancels, checkSteps } from './steps.mjs';
import { checkTrees } from './trees.mjs';
import { checkTask } from './task-log.mjs';

const PAGE = 200;

/**
 * @param {{ query: (statement: string, values?: unknown[]) => Promise<any[]>, ledger: import('../ledger.mjs').Ledger,
 *   journal: import('../fleet.mjs').Journal, executions: readonly import('./steps.mjs').Execution[], stoppedAt: number }} run
 * @returns {Promise<{ tasks: number, events: number, frames: number, held: number, states: Record<string, number> }>} what was checked
 */
export async function checkAll({ query, ledger, journal, executions, stoppedAt }) {
  const counted = { tasks: 0, events: 0, frames: 0, held: 0, states: {} };
  const expectations = groupedBy(ledger.expectations);
  const followers = groupedBy(ledger.followers);
  const feeds = ledger.feeds.map((feed) => ({ feed, frames: groupedBy(feed.frames) }));
  for (const { path, disorder } of ledger.feeds) {
    for (const problem of disorder) ledger.complain('subscriber', `of ${path}: ${problem}`);
  }
  const children = new Map(
    (await query('SELECT parent_id, count(*)::int AS n FROM tasks WHERE parent_id IS NOT NULL GROUP BY 1')).map(
      (row) => [row.parent_id, row.n],
    ),
  );
  for await (const { task, events, artifacts } of readTasks(query)) {
    counted.tasks += 1;
    counted.events += events.length;
    counted.held += events.filter(({ key }) => key.startsWith('held:')).length;
    counted.states[task.state] = (counted.states[task.state] ?? 0) + 1;
    report(ledger, checkTask(task, events, artifacts));
    for (const expectation of expectations.get(task.id) ?? []) {
      report(ledger, checkExpectation(task, events, expectation, children.get(task.id) ?? 0));
    }
    expectations.delete(task.id);
    for (const follower of followers.get(task.id) ?? []) {
      counted.frames += follower.frames.length;
      report(ledger, checkFollower(follower, events));
    }
    for (const { feed, frames } of feeds) {
      if (feed.contextId !== undefined && feed.contextId !== task.context_id) continue;
      counted.frames += frames.get(task.id)?.length ?? 0;
      report(ledger, checkFeed(feed, frames.get(task.id) ?? [], task, events));
    }
  }
  for (const expectation of [...expectations.values()].flat())
    report(ledger, checkExpectation(undefined, [], expectation, 0));
  for (const checks of [
    checkSessions(query, ledger),
    checkSteps(executions, query, journal),
    checkRuns(query, stoppedAt),
    checkTrees(query, ledger.felled),
  ]) {
    for await (const [about, problem] of checks) ledger.complain(about, problem);
  }
  report(ledger, checkCancels(executions, ledger.cancels, journal));
  return counted;
}

function report(ledger, checks) {
  for (const [about, problem] of checks) ledger.complain(about, problem);
}

async function* readTasks(query) {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const tasks = await query('SELECT * FROM tasks WHERE id > $1 ORDER BY id LIMIT $2', [after, PAGE]);
    if (tasks.length === 0) return;
    const ids = tasks.map((task) => task.id);
    const events = groupedBy(
      await query('SELECT *, task_id AS "taskId" FROM task_events WHERE task_id = ANY($1) ORDER BY task_id, seq', [
        ids,
      ]),
    );
    const artifacts = groupedBy(
      await query('SELECT *, task_id AS "taskId" FROM artifacts WHERE task_id = ANY($1)', [ids]),
    );
    for (const task of tasks) {
      yield { task, events: events.get(task.id) ?? [], artifacts: artifacts.get(task.id) ?? [] };
    }
    after = ids.at(-1);
  }
}

function groupedBy(items) {
  const groups = new Map();
  for (const item of items) {
    if (groups.has(item.taskId)) groups.get(item.taskId).push(item);
    else groups.set(item.taskId, [item]);
  }
  return groups;
}
