/** Writes down what an evaluation found, for people. */
import { cut } from '@continuo/agent/internal/platform/text.js';
import type { EvaluatedAgent, EvaluatedCase, EvaluationReport } from './report.js';

/** So many cases are shown of each agent. */
const MOST_CASES = 50;
const TEXT = 60;

/** A table for each agent: its scores, and the cases that are not perfect, or other than before. */
export function tellReport({ run, agents }: EvaluationReport, before: EvaluationReport | undefined): string {
  const earlier = new Map<string, EvaluatedAgent>(
    (before?.agents ?? agents.slice(0, 1)).map((one) => [`${one.agent} ${one.version}`, one]),
  );
  const told = agents.flatMap((one) => tellAgent(one, earlier.get(one.comparison?.with ?? '')));
  return [...told, `Run ${run}`].join('\n');
}

function tellAgent(now: EvaluatedAgent, other: EvaluatedAgent | undefined): readonly string[] {
  const { agent, version, cases, comparison, scorers, unscored } = now;
  const width = Math.max(...Object.keys(scorers).map(({ length }) => length));
  const scores = Object.entries(scorers).map(
    ([name, score]) => `  ${name.padEnd(width)}  ${change(other?.scorers[name], score)}`,
  );
  const compare = comparison === undefined ? [] : tellComparison(comparison);
  return [
    `${agent} ${version}: ${cases.length} ${cases.length === 1 ? 'case' : 'cases'}, score ${number(now.score)}`,
    ...compare,
    ...scores,
    ...(unscored > 0 ? [`  ${unscored} ${unscored === 1 ? 'score is' : 'scores are'} missing: a scorer failed`] : []),
    '',
    ...tellCases(now, other),
  ];
}

function tellComparison(comparison: NonNullable<EvaluatedAgent['comparison']>): readonly string[] {
  const { with: other, before, after, better, worse, same, added, removed } = comparison;
  const counts = [`${better.length} better`, `${worse.length} worse`, `${same} the same`];
  const odd = [
    ...(added.length > 0 ? [`${added.length} new`] : []),
    ...(removed.length > 0 ? [`${removed.length} gone`] : []),
  ];
  return [`  compared with ${other}: ${change(before, after)} (${[...counts, ...odd].join(', ')})`];
}

function tellCases({ cases }: EvaluatedAgent, other: EvaluatedAgent | undefined): readonly string[] {
  const before = new Map((other?.cases ?? []).map((one) => [one.id, one.score]));
  const rows = cases.filter(({ id, score }) => score !== 1 || (before.has(id) && before.get(id) !== 1));
  if (rows.length === 0) return [];
  const width = Math.max(4, ...rows.map(({ id }) => id.length));
  const lines = rows
    .slice(0, MOST_CASES)
    .map((one) => `  ${one.id.padEnd(width)}  ${tellCase(one, before.get(one.id))}`);
  const rest = rows.length - MOST_CASES;
  return [`  ${'case'.padEnd(width)}  score`, ...lines, ...(rest > 0 ? [`  and ${rest} more`] : []), ''];
}

function tellCase({ score, state, output, scores }: EvaluatedCase, before: number | null | undefined): string {
  const reasons = scores.flatMap(({ reason }) => reason ?? []);
  const why = reasons[0] ?? `answered ${JSON.stringify(cut(output, TEXT))}`;
  return `${change(before, score).padEnd(12)}  ${state}  ${cut(why.replaceAll(/\s+/g, ' '), 2 * TEXT)}`;
}

function change(before: number | null | undefined, now: number | null): string {
  return before === undefined ? number(now) : `${number(before)} → ${number(now)}`;
}

function number(score: number | null): string {
  return score === null ? '–' : score.toFixed(2);
}
