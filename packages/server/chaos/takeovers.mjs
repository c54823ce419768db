/** How long tasks stood still: from what was done to the process that ran them, to their next step in another one. */

/**
 * How long tasks stood still: from what was done to the process that ran them, to their next step in another one. The
 * steps of `chaos/stepper` follow each other without a pause, so that nothing else is measured.
 */

/**
 * @typedef {object} Takeover
 * @property {string} task
 * @property {'kill' | 'pause' | 'term'} after
 * @property {number} ms
 * @property {'alone' | 'together' | 'nobody'} hit the instance alone; others or PostgreSQL were hit meanwhile; or for a
 *   time there was nobody who could have taken over
 */

/**
 * @param {readonly import('./checks/steps.mjs').Execution[]} executions in the order in which they began
 * @param {import('./fleet.mjs').Journal} journal
 * @returns {Takeover[]}
 */
export function takeovers(executions, journal) {
  /** @type {Takeover[]} */
  const found = [];
  const outages = outagesOf(journal);
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
      found.push({ task, after, ms: next.begun - from, hit: hitBetween(from, next.begun, cause, journal, outages) });
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

function hitBetween(from, to, cause, journal, outages) {
  if (outages.some(({ begun, over }) => begun <= to && over >= from)) return 'nobody';
  const others = journal.entries.some(({ at, what, pid }) => {
    if (at < from - 1_000 || at > to) return false;
    return (
      what.startsWith('postgres') || (pid !== cause.pid && ['kill', 'crash', 'pause', 'term', 'silence'].includes(what))
    );
  });
  return others ? 'together' : 'alone';
}

/** The times at which no instance was up. */
function outagesOf({ entries }) {
  const up = new Set();
  const outages = [];
  for (const { at, what, pid } of entries) {
    const before = up.size;
    if (what === 'ready' || what === 'resume') up.add(pid);
    if (['kill', 'crash', 'pause', 'term', 'exit'].includes(what)) up.delete(pid);
    if (before > 0 && up.size === 0) outages.push({ begun: at, over: Infinity });
    if (before === 0 && up.size > 0 && outages.length > 0) outages.at(-1).over = at;
  }
  return outages;
}

function groupBy(executions) {
  const groups = new Map();
  for (const execution of executions) {
    if (groups.has(execution.task)) groups.get(execution.task).push(execution);
    else groups.set(execution.task, [execution]);
  }
  return groups;
}
