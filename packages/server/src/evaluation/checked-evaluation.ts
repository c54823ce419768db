/** Refuses what an evaluation can't be made of, by name, before anything is opened. */
import { MOST_INT } from '@continuo/agent/internal/platform/ranges.js';
import { EvaluationFailedError } from './evaluation-failed.js';

/** Throws EvaluationFailedError. What `startServer` takes as well is checked as there. */
export function requireEvaluation(given: unknown): void {
  if (!isObject(given)) throw new EvaluationFailedError('evaluate: expected an object of options');
  const { agent, cases, scorers, concurrency, caseTimeoutMs, against, agents } = given;
  const names = Array.isArray(agent) ? agent : [agent];
  if (names.length === 0 || !names.every(isText)) {
    throw new EvaluationFailedError('agent: expected at least one type/name');
  }
  if (!Array.isArray(agents)) throw new EvaluationFailedError('agents: expected an array of classes with @A2AAgent');
  if (!Array.isArray(cases) && !(isObject(cases) && 'tasks' in cases)) {
    throw new EvaluationFailedError('cases: expected a list of cases, or { tasks }');
  }
  if (concurrency !== undefined && !isWhole(concurrency)) {
    throw new EvaluationFailedError('concurrency: expected a whole number from 1 on');
  }
  if (caseTimeoutMs !== undefined && !(isWhole(caseTimeoutMs) && caseTimeoutMs <= MOST_INT)) {
    throw new EvaluationFailedError(`caseTimeoutMs: expected a whole number of milliseconds from 1 to ${MOST_INT}`);
  }
  if (scorers !== undefined) requireScorers(scorers);
  if (against !== undefined && !(isObject(against) && Array.isArray(against['agents']))) {
    throw new EvaluationFailedError('against: expected the report of an earlier evaluation');
  }
}

function requireScorers(scorers: unknown): void {
  const all: readonly unknown[] = Array.isArray(scorers) ? scorers : [];
  const names = all.map((scorer) =>
    isObject(scorer) && typeof scorer['score'] === 'function' ? scorer['name'] : undefined,
  );
  if (names.length === 0 || !names.every(isText) || new Set(names).size < names.length) {
    throw new EvaluationFailedError('scorers: expected at least one, each with a name of its own');
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}
