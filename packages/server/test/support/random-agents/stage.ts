/** The real server below its HTTP edge, on a database that cuts runs off: their instance is lost, and another run takes over. */
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { loadConfig } from '../../../src/platform/config.js';
import { Database } from '../../../src/platform/database.js';
import { createLog } from '../../../src/platform/log.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { Outgoing } from '../../../src/platform/outgoing.js';
import { Runtime } from '../../../src/runtime.js';
import { afterThisTest } from '../outcome.js';
import { RandomAgent } from './performer.js';
import { Tally } from './tally.js';
import { trials, type RecordedStep, type TrialRun } from './trial.js';
import { sessionsServiceOn } from '../sessions-service.js';

const quiet = createLog('silent');

export interface Stage {
  readonly runtime: Runtime;
  readonly tally: Tally;
  readonly database: Database;
}

/** Runs random agents until the file has ended; one in a process, as the engine is. */
export async function openStage(url: string): Promise<Stage> {
  const env = { DATABASE_URL: url, CONTINUO_SWEEP_MS: '40', CONTINUO_MAX_RUNS: '20', CONTINUO_LOG_LEVEL: 'silent' };
  const config = loadConfig(env);
  const tally = new Tally();
  const outside = new Database(url, { poolSize: 4, log: quiet });
  const database = new CuttingDatabase(url, outside, tally);
  const sessions = sessionsServiceOn(database, systemClock);
  const outgoing = new Outgoing(config.stalledClientMs);
  const metrics = new Metrics();
  const runtime = new Runtime({ config, database, sessions, outgoing, metrics, clock: systemClock, log: quiet });
  runtime.registry.add(new RandomAgent());
  await runtime.start();
  afterThisTest(async () => {
    await runtime.stop();
    await database.close();
    await outside.close();
  });
  return { runtime, tally, database: outside };
}

interface AppendedRow {
  readonly task_id: string;
  readonly token: string | null;
}

class CuttingDatabase extends Database {
  /** By token, how often the run has committed. */
  readonly #commits = new Map<string, number>();

  constructor(
    url: string,
    private readonly outside: Database,
    private readonly tally: Tally,
  ) {
    super(url, { poolSize: 12, log: quiet });
  }

  override async inTime<Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    if (!['append-events', 'append-and-record'].includes(name)) return super.inTime<Row>(name, text, values);
    const appends = JSON.parse(String(values[0])) as readonly AppendedRow[];
    const due = appends.map((append) => ({ append, cut: this.#cutOf(append) }));
    for (const { append, cut } of due) if (cut?.kept === false) await this.#cutOff(append);
    const rows = await super.inTime<Row>(name, text, values);
    const stored = new Set(rows.map(({ id }) => id));
    const [, , , , recorded = '[]'] = values as readonly string[];
    for (const entry of JSON.parse(recorded) as readonly RecordedStep[]) {
      if (stored.has(entry.task_id)) trialOf(entry.task_id)?.recorded(entry);
    }
    for (const { append, cut } of due) if (cut?.kept === true) await this.#cutOff(append);
    const unheard = new Set(due.filter(({ cut }) => cut !== undefined).map(({ append }) => append.task_id));
    return rows.filter(({ id }) => !unheard.has(id));
  }

  #cutOf({ task_id: taskId, token }: AppendedRow) {
    const trial = trialOf(taskId);
    if (trial === undefined || token === null) return undefined;
    const commits = (this.#commits.get(token) ?? 0) + 1;
    this.#commits.set(token, commits);
    const cut = trial.cutOf(taskId);
    return cut?.at === commits ? cut : undefined;
  }

  /** The run can store nothing any more, and hears of nothing; once it is gone, its instance is lost. */
  async #cutOff({ task_id: taskId, token }: AppendedRow): Promise<void> {
    const run = trialOf(taskId)?.latest(taskId);
    if (run === undefined) return;
    run.dead = true;
    this.tally.add({ cuts: 1 });
    const nobodys = newId();
    await this.outside.query('UPDATE tasks SET run_token = $3 WHERE id = $1 AND run_token = $2', [
      taskId,
      token,
      nobodys,
    ]);
    void this.#lose(run, nobodys);
  }

  async #lose({ taskId, signal }: TrialRun, token: string): Promise<void> {
    await aborted(signal);
    // The run itself ends right behind its agent.
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    await this.outside.query('UPDATE tasks SET run_instance = $3 WHERE id = $1 AND run_token = $2', [
      taskId,
      token,
      newId(),
    ]);
    // What was committed last is told to nobody here.
    await this.outside.query(`SELECT pg_notify('continuo_events', $1)`, [taskId]);
  }
}

function trialOf(taskId: string) {
  return [...trials.values()].find((trial) => trial.latest(taskId) !== undefined);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
