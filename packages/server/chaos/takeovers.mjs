/** How long tasks stood still: from what was done to the process that ran them, to their next step in another one. */
// The steps of `chaos/stepper` follow each other without a pause, so that nothing else is measured.

/**
 * @typedef {object} Takeover
 * @property {string} task
 * @property {'kill' | 'pause' | 'term'} after
 * @property {number} ms
 * @property {boolean} disturbed whether PostgreSQL was away meanwhile, or who could have taken over was hit as well
 */

/**
 * @param {readonly import('./checks/steps.mjs').Execution[]} executions in the order in which they began
 * @param {import('./fleet.mjs').Journal} journal
 * @returns {Takeover[]}
 */
export function takeovers(executions, journal) {
  /** @type {Takeover[]} */
  const found = [];
  for (const [task, own] of groupBy(executions.filter(({ step }) => /^step \d+$/.test(step)))) {
    for (const [index, next] of own.slice(1).entries()) {
      const last = own[index];
      if (last.pid === next.pid) continue;
      const cause = journal.entries.findLast(
        ({ at, pid, what }) =>
          pid === last.pid &&
          at >= last.begun - 1_000 &&
          at < next.begun &&
          ['kill', 'crash', 'pause', 'exit'].includes(what),
      );
      if (cause === undefined) continue;
      const after = cause.what === 'exit' ? exitOf(cause, journal) : cause.what === 'pause' ? 'pause' : 'kill';
      const from = after === 'pause' ? cause.at : Math.min(cause.at, exitTime(last.pid, journal) ?? cause.at);
      found.push({ task, after, ms: next.begun - from, disturbed: isDisturbed(from, next.begun, cause, journal) });
    }
  }
  return found;
}

function exitTime(pid, journal) {
  return journal.entries.find((entry) => entry.pid === pid && entry.what === 'exit')?.at;
}

function exitOf({ pid }, journal) {
  return journal.entries.some((entry) => entry.pid === pid && entry.what === 'term') ? 'term' : 'kill';
}

/** PostgreSQL went or came in between; or another instance was hit, which may have been the one that took over. */
function isDisturbed(from, to, cause, journal) {
  return journal.entries.some(({ at, what, pid }) => {
    if (at < from - 1_000 || at > to) return false;
    if (what.startsWith('postgres')) return true;
    return pid !== cause.pid && ['kill', 'crash', 'pause', 'term'].includes(what);
  });
}

function groupBy(executions) {
  const groups = new Map();
  for (const execution of executions) {
    if (groups.has(execution.task)) groups.get(execution.task).push(execution);
    else groups.set(execution.task, [execution]);
  }
  return groups;
}
