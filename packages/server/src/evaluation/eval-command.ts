/** `npm run eval`: evaluates agents on cases, and says how good they are; its exit code is for CI. */
import { statSync, writeFileSync } from 'node:fs';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { stateNamed, taskStates } from '@continuo/agent/internal/tasks/task-state.js';
import { agentsAtHand, moduleAtHand } from '../check/agents-at-hand.js';
import { parsed, print, runCommand, UsageError } from '../platform/command.js';
import { loadConfig } from '../platform/config.js';
import { readCases } from './cases.js';
import { evaluate, type EvaluateOptions } from './evaluate.js';
import { readReport, type EvaluationReport } from './report.js';
import { contains, exact, judge, type Scorer } from './scorers.js';
import type { StoredTasks } from './stored-tasks.js';
import { tellReport } from './tell-report.js';

const usage = `npm run eval -w @continuo/server -- --agent type/name… (--cases <file> | --tasks <filter>) [--scorer <name>]…
                                        [--agents <module or directory>] [--against <report or module>] [--report <file>]
                                        [--min-score <0..1>] [--json] [--run <id>] [--concurrency <n>]

Has agents answer cases, each as a durable task, and scores their answers.
  --agent        which agent; of several, each answers all cases and is compared with the first
  --cases        a JSON array or JSONL file of { "id"?, "input", "expected"? }
  --tasks        stored tasks as cases: 'state=COMPLETED&q=refund&owner=ada&limit=50', all of it optional; also agent,
                 contextId, statusTimestampAfter, tenant. What they answered is what is expected
  --scorer       exact (the default), contains, judge (a language model), or one that the module of --agents exports
                 in \`scorers\`; may be repeated
  --agents       a module that exports \`agents\` (and \`providers\`, if they need some), or a directory of declared agents;
                 without it the agents that \`npm start\` serves
  --against      what is better or worse than before: a report, or another version of the agents as with --agents, a module
                 or a directory, which answers the same cases first
  --report       writes the report there, for the next --against
  --min-score    exit code 1 when an agent's score is lower
  --json         the report as JSON, for programs
  --run          goes on with an evaluation that was broken off
  --concurrency  how many cases at once; 4 by default

Exit code 0: evaluated. 1: a score below --min-score. 2: the evaluation failed, or a scorer did.`;

const options = {
  agent: { type: 'string', multiple: true },
  agents: { type: 'string' },
  cases: { type: 'string' },
  tasks: { type: 'string' },
  scorer: { type: 'string', multiple: true },
  against: { type: 'string' },
  report: { type: 'string' },
  'min-score': { type: 'string' },
  json: { type: 'boolean', default: false },
  run: { type: 'string' },
  concurrency: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parsed<{ options: typeof options }>>['values'];

function casesIn({ cases, tasks }: Values): EvaluateOptions['cases'] {
  if ((cases === undefined) === (tasks === undefined)) throw new UsageError('Expected either --cases or --tasks.');
  return cases === undefined ? { tasks: storedTasks(tasks ?? '') } : readCases(cases);
}

const filters = ['agent', 'state', 'q', 'contextId', 'statusTimestampAfter', 'owner', 'tenant', 'limit'];

function storedTasks(filter: string): StoredTasks {
  const given = Object.fromEntries(new URLSearchParams(filter));
  const unknown = Object.keys(given).find((name) => !filters.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--tasks knows ${filters.join(', ')}, got ${JSON.stringify(unknown)}.`);
  const { state, limit, statusTimestampAfter: after, ...same } = given;
  const known = state === undefined ? undefined : stateNamed(state);
  if (state !== undefined && known === undefined) {
    throw new UsageError(`--tasks: state: expected one of ${taskStates.join(', ')}.`);
  }
  if (after !== undefined && Number.isNaN(Date.parse(after))) {
    throw new UsageError('--tasks: statusTimestampAfter: expected a time, as 2026-01-31T12:00:00Z.');
  }
  return {
    ...same,
    ...(known === undefined ? {} : { state: known }),
    ...(limit === undefined ? {} : { limit: count('--tasks: limit', limit) }),
    ...(after === undefined ? {} : { statusAfter: new Date(after) }),
  };
}

function scorersIn({ scorers = [] }: { readonly scorers?: unknown }): readonly Scorer[] {
  if (Array.isArray(scorers)) return scorers as readonly Scorer[];
  throw new UsageError('--agents: scorers: expected a list of { name, score }.');
}

function scorersOf({ scorer = ['exact'] }: Values, own: readonly Scorer[]): readonly Scorer[] {
  const all = [exact(), contains(), judge(), ...own];
  return scorer.map((name) => {
    const found = all.findLast((one) => one.name === name);
    if (found === undefined)
      throw new UsageError(`--scorer knows ${all.map((one) => one.name).join(', ')}, got ${name}.`);
    return found;
  });
}

/** A module or a directory; else it is a report. */
function isAgents(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`${name}: expected a number from 1 on, got ${text}.`);
  return Number(text);
}

function least(text: string | undefined): number {
  const number = Number(text ?? 0);
  if (text === '' || !(number >= 0 && number <= 1)) throw new UsageError(`--min-score: expected 0 to 1, got ${text}.`);
  return number;
}

function codeOf({ agents }: EvaluationReport, minScore: number): number {
  if (agents.some(({ unscored }) => unscored > 0)) return 2;
  return agents.some(({ score }) => (score ?? 0) < minScore) ? 1 : 0;
}

async function run(): Promise<number> {
  const { values } = parsed({ options });
  if (values.help) {
    await print(process.stdout, usage);
    return 0;
  }
  const { agent, json, run: id = newId(), concurrency, report: path } = values;
  if (agent === undefined) throw new UsageError('--agent is missing.');
  const minScore = least(values['min-score']);
  const cases = casesIn(values);
  const scorers = values.agents === undefined ? [] : scorersIn((await moduleAtHand(values.agents)) ?? {});
  const how = {
    agent,
    cases,
    scorers: scorersOf(values, scorers),
    ...(concurrency === undefined ? {} : { concurrency: count('--concurrency', concurrency) }),
  };
  const config = loadConfig();
  const now = await agentsAtHand(values.agents, config);
  const before = async (given: string): Promise<EvaluationReport> => {
    if (!isAgents(given)) return readReport(given);
    // A run of its own: what the other version has answered is no answer of this one.
    return evaluate({ ...how, ...(await agentsAtHand(given, config)), run: `${id}:against` });
  };
  const against = values.against === undefined ? undefined : await before(values.against);
  const report = await evaluate({ ...how, ...now, run: id, ...(against === undefined ? {} : { against }) });
  const text = JSON.stringify(report, undefined, 2);
  if (path !== undefined) writeFileSync(path, `${text}\n`);
  await print(process.stdout, json ? text : tellReport(report, against));
  return codeOf(report, minScore);
}

await runCommand(usage, 'Nothing was evaluated.', run);
