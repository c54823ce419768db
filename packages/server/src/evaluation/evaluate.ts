/** Evaluates agents: has them answer cases as durable tasks, scores the answers, and compares with another version. */
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { AgentCalls } from '../calls/agent-calls.js';
import type { ContinuoOptions } from '../nest/continuo-options.js';
import { TasksService } from '../tasks/tasks-service.js';
import { withoutPort } from '../without-port.js';
import { namedCases, type EvaluationCase } from './cases.js';
import { EvaluationFailedError } from './evaluation-failed.js';
import { agentOf, compared, type EvaluatedAgent, type EvaluationReport } from './report.js';
import { requireEvaluation } from './checked-evaluation.js';
import { CaseRuns } from './run-cases.js';
import { exact, type Scorer } from './scorers.js';
import type { StoredTasks } from './stored-tasks.js';
import { casesOfTasks } from './task-cases.js';

const CONCURRENCY = 4;
const FIVE_MINUTES_MS = 300_000;

/** Which agents answer which cases, and who scores the answers. */
export interface EvaluateOptions extends ContinuoOptions {
  /** `type/name`, of `agents` or of those that are configured; of several, each answers all cases. */
  readonly agent: string | readonly string[];
  /** The cases, or the stored tasks that they are made of. */
  readonly cases: readonly EvaluationCase[] | { readonly tasks: StoredTasks };
  /** Default: `exact()`. */
  readonly scorers?: readonly Scorer[] | undefined;
  /**
   * An earlier report: each agent is compared with itself in there, or with the only one there is. Without it the agents
   * after the first are compared with the first.
   */
  readonly against?: EvaluationReport | undefined;
  /** Default: DATABASE_URL, or the PostgreSQL of CONTINUO_DATA_DIR. */
  readonly databaseUrl?: string | undefined;
  /** How many cases are answered at once. Default 4. */
  readonly concurrency?: number | undefined;
  /** What an agent has for one case, in milliseconds; then the task is cancelled, and scored 0. Default five minutes. */
  readonly caseTimeoutMs?: number | undefined;
  /**
   * The id of the evaluation: with that of one that was broken off, what it has asked is not asked again. Default: a new one.
   */
  readonly run?: string | undefined;
}

/**
 * Runs a server without a port for as long as it takes, an instance of the database like any other, on which every case
 * is a task, of the owner `evaluation`. A case whose task doesn't come to an answer is scored 0, with the reason; one that
 * a scorer fails at has no score from it.
 *
 * @throws EvaluationFailedError when cases, scorers or agents are not as they should be; ConfigError, EmbeddedPostgresError
 * and ContinuoError when the server doesn't start.
 * @example
 * const report = await evaluate({
 *   agents: [SupportAgent],
 *   agent: 'context/support',
 *   cases: [{ input: 'Where is order 7?', expected: 'on its way' }],
 *   scorers: [contains(), judge({ rubric: 'Polite.' })],
 * });
 * console.log(report.agents[0]?.score);
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  requireEvaluation(options);
  const { databaseUrl, agent, cases, scorers = [exact()], against, concurrency = CONCURRENCY, ...rest } = options;
  const { caseTimeoutMs = FIVE_MINUTES_MS, run = newId(), ...own } = rest;
  const [first, ...others] = typeof agent === 'string' ? [agent] : agent;
  if (first === undefined) throw new EvaluationFailedError('agent: expected at least one type/name');
  const given = 'tasks' in cases ? undefined : namedCases(cases);
  const needed = [...new Set(scorers.flatMap(({ agents = [] }) => agents))];
  const agents = [...own.agents, ...needed.filter((one) => !own.agents.includes(one))];
  return withoutPort({ ...own, agents }, { where: 'evaluate', databaseUrl }, async (app) => {
    const registry = app.get(AgentRegistry);
    const keys = [...new Set([first, ...others])];
    const versions = keys.map((key) => versionOf(registry, key));
    const tasks = 'tasks' in cases ? await casesOfTasks(app.get(TasksService), { agent: first, ...cases.tasks }) : [];
    const named = given ?? namedCases(tasks);
    const runs = new CaseRuns({ calls: app.get(AgentCalls), run, scorers, concurrency, caseTimeoutMs });
    const evaluated: EvaluatedAgent[] = [];
    try {
      for (const [index, key] of keys.entries()) {
        evaluated.push(agentOf(key, versions[index] ?? '', await runs.all(key, named)));
      }
    } finally {
      await runs.end();
    }
    const at = systemClock.now().toISOString();
    return { run, at, agents: evaluated.map((one, index) => withComparison(one, index, evaluated, against)) };
  });
}

function withComparison(
  now: EvaluatedAgent,
  index: number,
  all: readonly EvaluatedAgent[],
  against: EvaluationReport | undefined,
): EvaluatedAgent {
  const earlier = against?.agents ?? [];
  const same = earlier.find(({ agent }) => agent === now.agent) ?? (earlier.length === 1 ? earlier[0] : undefined);
  const other = against === undefined && index > 0 ? all[0] : same;
  return other === undefined ? now : compared(now, other);
}

function versionOf(registry: AgentRegistry, key: string): string {
  const keys = registry.list().map((one) => one.key);
  if (!keys.includes(key)) {
    throw new EvaluationFailedError(`There is no agent ${key}; there are ${keys.toSorted().join(', ')}.`);
  }
  return registry.get(key).description.version;
}
