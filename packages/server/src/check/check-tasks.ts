/** Checks, before a deploy, what the code at hand would make of every open task, and changes nothing. */
import { existsSync } from 'node:fs';
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import type { ReplayServices } from '@continuo/agent/internal/agents/replay/replay-task.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { ChildCalls } from '../agents/child-calls.js';
import { ConnectedAgents } from '../agents/external/connected-agents.js';
import { AgentCalls } from '../calls/agent-calls.js';
import type { ContinuoOptions } from '../nest/continuo-options.js';
import type { Config } from '../platform/config.js';
import { Database } from '../platform/database.js';
import { FilesService } from '../files/files.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { TasksService } from '../tasks/tasks-service.js';
import { withoutPort } from '../without-port.js';
import { CheckFailedError, toCheckFailure } from './check-failed.js';
import { replayOpenTasks } from './replay-open-tasks.js';
import type { TasksCheck } from './tasks-check.js';

const PATIENCE_MS = 5_000;

/** Which tasks are checked, and against which agents. */
export interface CheckOptions extends ContinuoOptions {
  /** Default: DATABASE_URL, or the PostgreSQL of CONTINUO_DATA_DIR. */
  readonly databaseUrl?: string | undefined;
  /** Only tasks of these agents, `type/name`. Default: of all, also those that are not in `agents`. */
  readonly only?: readonly string[] | undefined;
  /** At most so many tasks, the oldest. Default: all. */
  readonly limit?: number | undefined;
}

/**
 * Replays the journal of every open task against these agents, as `startServer` with the same options would go on with
 * them, were it the only server: what is recorded gives its result, and where a task would do something new, or wait, its
 * replay ends. No step is carried out, no task claimed, nothing written; servers may run meanwhile. What the agents' code
 * does outside of its steps, is done.
 *
 * @throws CheckFailedError when the tasks can't be read, the environment can't be used or an agent can't be registered.
 * @example
 * const { ok, agents } = await checkTasks({ agents: [RefundsAgent], databaseUrl: process.env.DATABASE_URL });
 * for (const { agent, counts } of agents) console.log(agent, counts.held);
 */
export async function checkTasks(options: CheckOptions): Promise<TasksCheck> {
  try {
    return await check(options);
  } catch (error) {
    throw toCheckFailure(error);
  }
}

async function check(options: CheckOptions): Promise<TasksCheck> {
  if (typeof options !== 'object' || options === null)
    throw new CheckFailedError('checkTasks: expected an object of options');
  const { databaseUrl, only, limit = Infinity, ...own } = options;
  if (only !== undefined && !(Array.isArray(only) && only.every((agent) => typeof agent === 'string'))) {
    throw new CheckFailedError('checkTasks: only: expected a list of agents, type/name');
  }
  if (limit !== Infinity && !(Number.isInteger(limit) && limit >= 0)) {
    throw new CheckFailedError('checkTasks: limit: expected a whole number from 0 on');
  }
  const how = { where: 'checkTasks', databaseUrl, readOnly: true, refuse: refuseToMake };
  return withoutPort(own, how, async (app, { config, log }) => {
    const withSessions = own.sessions ?? config.sessions;
    const services: ReplayServices = {
      sessions: withSessions ? app.get(SessionsService) : undefined,
      children: new ChildCalls(app.get(AgentCalls), app.get(TasksService), systemClock),
      findFile: (owner, url) => app.get(FilesService).named(owner, url),
      clock: systemClock,
      log,
      patienceMs: PATIENCE_MS,
    };
    await app.get(ConnectedAgents).open();
    const [database, registry] = [app.get(Database), app.get(AgentRegistry)];
    return replayOpenTasks({ database, registry, services, only, limit });
  });
}

/** A check makes no database of its own. */
function refuseToMake({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== undefined || existsSync(dataDir)) return;
  throw new CheckFailedError(
    `There is no database to check: DATABASE_URL is not set, and there is no ${dataDir} (CONTINUO_DATA_DIR).`,
  );
}
