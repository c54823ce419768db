/** The figures of a run, as a Markdown table for docs/measurements.md. */

function milliseconds(values) {
  if (values.length === 0) return 'none';
  const sorted = values.toSorted((one, other) => one - other);
  const at = (part) => `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] / 1000).toFixed(1)} s`;
  return `median ${at(0.5)}, 95 % within ${at(0.95)}, worst ${at(1)} (${values.length})`;
}

function counts(entries) {
  return Object.entries(entries)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

/** @returns {string} */
export function toTable(run) {
  const { options, journal, ledger, counted, load, takeovers, clients, executions } = run;
  const crashes = {};
  for (const { what, detail } of journal.entries) {
    if (what !== 'crash') continue;
    const point = String(detail).split(':')[0];
    crashes[point] = (crashes[point] ?? 0) + 1;
  }
  const took = (after, disturbed) =>
    milliseconds(takeovers.filter((one) => one.after === after && one.disturbed === disturbed).map((one) => one.ms));
  const subscribers = [...ledger.followers, ...ledger.feeds];
  const connections = subscribers.reduce((sum, { connections: own }) => sum + own, 0);
  const rows = [
    ['Duration, seed', `${(options.milliseconds / 60_000).toFixed(1)} min, ${options.seed}`],
    ['Instances, jobs at once', `${options.instances}, ${options.load}`],
    ['Jobs, tasks', `${load.begun}, ${counted.tasks} (${counts(counted.states)})`],
    ['Steps run', `${executions.length}`],
    ['Calls tried again', `${clients.retries}`],
    ['kill -9', `${journal.count('kill')}`],
    [
      'Crashes at named points',
      `${journal.count('crash')}${journal.count('crash') > 0 ? ` (${counts(crashes)})` : ''}`,
    ],
    ['Pauses (SIGSTOP 2–10 s)', `${journal.count('pause')}`],
    ['Restarts by SIGTERM', `${journal.count('term')}`],
    ['Restarts of PostgreSQL', `${journal.count('postgres')}`],
    ['Takeover after kill -9 or a crash', took('kill', false)],
    ['… while others were hit too', took('kill', true)],
    ['Takeover after SIGSTOP', took('pause', false)],
    ['… while others were hit too', took('pause', true)],
    ['Handover after the exit by SIGTERM', took('term', false)],
    ['… while others were hit too', took('term', true)],
    ['Events checked', `${counted.events}`],
    ['Frames seen by subscribers', `${counted.frames}, by ${subscribers.length} over ${connections} connections`],
    ['Messages checked', `${ledger.messages.length}`],
    ['**Violations**', `**${ledger.problems.length}**`],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}
