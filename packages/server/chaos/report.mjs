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

/** Starts whose agents have other code than the start of that instance before. */
function deploysIn(entries) {
  const last = new Map();
  let deploys = 0;
  for (const { what, instance, code } of entries) {
    if (what !== 'start') continue;
    if (last.has(instance) && last.get(instance) !== code) deploys += 1;
    last.set(instance, code);
  }
  return deploys;
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
  const took = (after, ...hits) =>
    milliseconds(takeovers.filter((one) => one.after === after && hits.includes(one.hit)).map((one) => one.ms));
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
    ['Deploys of changed code', `${deploysIn(journal.entries)}`],
    ['Events that hold a task', `${counted.held}`],
    ['Database connections gone silent', `${journal.count('silence')}`],
    ['PostgreSQL hung (SIGSTOP 1–12 s)', `${journal.count('postgres hangs')}`],
    ['Restarts of PostgreSQL', `${journal.count('postgres')}`],
    ['Takeover after kill -9 or a crash', took('kill', 'alone')],
    ['… others hit as well', took('kill', 'together')],
    ['Takeover after SIGSTOP', took('pause', 'alone')],
    ['… others hit as well', took('pause', 'together')],
    ['Handover after the exit by SIGTERM', took('term', 'alone')],
    ['… others hit as well', took('term', 'together')],
    ['Takeovers while for a time no instance was up', `${takeovers.filter(({ hit }) => hit === 'nobody').length}`],
    ['Events checked', `${counted.events}`],
    ['Frames seen by subscribers', `${counted.frames}, by ${subscribers.length} over ${connections} connections`],
    ['Messages checked', `${ledger.messages.length}`],
    ['**Violations**', `**${ledger.problems.length}**`],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}
