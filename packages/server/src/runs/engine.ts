/** Begins runs and ends them. DBOS holds back those that wait for a queue or a time: such a run is a DBOS workflow. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { DBOS, DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import {
  RunAbandoned,
  TakenOver,
  type Run,
  type RunHandler,
  type RunOutcome,
} from '@continuo/agent/internal/runs/run.js';
import type { Database } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import { PreparingClient, WaitingPool } from '../platform/pool.js';
import { SILENCE_MS } from '../platform/watched-client.js';
import { isKnownAgent, type OwnAgents } from './instances.js';
import { Membership } from './membership.js';
import { agentQueue, enqueue, registerQueues, type LimitedQueue, type QueuedRun } from './queues.js';
import { leaveWorkflow, registerWorkflow, type Workflow } from './queued-workflow.js';
import { Sweeper, type WantedRuns } from './sweeper.js';

/** Runs belong to the task, not to a build: a new version of the code goes on with what an older one began. */
const APPLICATION_VERSION = 'continuo';
const SCHEMA_LOCK = 7_046_029_256;
/** How long making and upgrading DBOS's schema may take without a word. */
const SCHEMA_MS = 10 * 60_000;
/** How long a caller waits for DBOS, which tries again until the database is back. */
const ASKED_MS = 2_000;

export interface EngineOptions {
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly sweepMs: number;
  readonly poolSize: number;
  readonly wanted: WantedRuns;
  /** Does what is due; answers with tasks that go on because of it. Called on one instance at a time. */
  readonly due: () => Promise<readonly string[]>;
  readonly metrics: Metrics;
}

/** One for all: whoever is told of it does nothing more. */
const OVER = new RunAbandoned('the run is over');

/** Runs `work` in another asynchronous context. */
type Scope = <Result>(work: () => Result) => Result;

export class Engine {
  readonly #membership: Membership;
  readonly #sweeper: Sweeper;
  readonly #pool: WaitingPool;
  readonly #running = new Map<string, AbortController>();
  readonly #settled = new Set<Promise<unknown>>();
  /** Outside of every workflow, also when an agent's call to another agent leads here. */
  readonly #outside: Scope = AsyncLocalStorage.snapshot();
  #handler: RunHandler | undefined;
  #queues: readonly LimitedQueue[] = [];
  #agents: OwnAgents = {};
  #stopping = false;
  readonly #ofDbos: Workflow = (id) => this.#inWorkflow(id);
  #workflow: Workflow | undefined;

  constructor(
    private readonly database: Database,
    options: EngineOptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#pool = new WaitingPool(database.servers, { poolSize: options.poolSize, log }, PreparingClient);
    this.#membership = new Membership(database, options.heartbeatMs, options.leaseMs, clock, log, () =>
      this.#restart(),
    );
    const { record } = options.metrics;
    options.metrics.beforeScrape(() => {
      record.runsActive({}, this.#running.size);
      record.heartbeatAge({}, this.#membership.silentMs / 1_000);
      record.lease({}, options.leaseMs / 1_000);
    });
    this.#sweeper = new Sweeper(database, options, this.#membership, (run) => this.#beginOrEnqueue(run), clock, log);
  }

  /** The instance in whose name runs claim their tasks. */
  get instanceId(): string {
    return this.#membership.id;
  }

  /** Whether a heartbeat of the last lease was heard, so that nobody can have taken this instance for dead. */
  isHeard(): boolean {
    return this.#membership.isHeard();
  }

  /**
   * `handler` carries out runs that don't begin here and now: it has to take the task over first. `agents` are those whose
   * tasks this instance takes; all others it leaves to others.
   */
  async start(handler: RunHandler, queues: readonly LimitedQueue[], agents: OwnAgents): Promise<void> {
    this.#handler = handler;
    this.#queues = queues;
    this.#agents = agents;
    this.#workflow = registerWorkflow(this.#ofDbos);
    await this.#membership.join(agents);
    this.#pool.patienceMs = SCHEMA_MS;
    await this.#launch();
    this.#pool.patienceMs = SILENCE_MS;
    this.#sweeper.start();
  }

  /** Takes tasks of `agents` from now on, none of which is limited by a queue that it did not have at the start. */
  async change(agents: OwnAgents): Promise<void> {
    this.#agents = agents;
    await this.#membership.change(agents);
  }

  /** Runs a task here and now. */
  begin(id: string, handler: RunHandler): void {
    if (this.#running.has(id) || this.#stopping) return;
    const run = this.#outside(() => this.#carryOut(id, handler));
    run.catch((error: unknown) => {
      if (!(error instanceof RunAbandoned)) this.log.warn({ err: error, taskId: id }, 'a run broke off');
    });
  }

  /** Whether an agent that this instance lacks is, or was a moment ago, another one's. */
  isKnownAgent(agent: string): Promise<boolean> {
    return isKnownAgent(this.database, agent);
  }

  /** Has the task run when its queue lets it, on whichever instance has its agent. */
  async enqueue(run: QueuedRun): Promise<void> {
    const { queue } = run;
    const workflow = this.#workflow;
    if (workflow === undefined || queue === undefined || this.#stopping) return;
    const queued = this.#outside(() => enqueue(workflow, run, queue));
    await this.#asked(queued, { taskId: run.id }, 'a task was not queued; it will be');
  }

  /** Begins runs, or begins them again where they stopped: what their tasks waited for is there. */
  async resume(ids: readonly string[]): Promise<void> {
    const revived = this.#outside(() => this.#sweeper.revive(ids));
    await this.#asked(revived, { taskIds: ids }, 'runs were not begun again; they will be');
  }

  /** Stops runs of tasks that have ended by other means; the tasks themselves are not touched. */
  async cancel(ids: readonly string[], reason: Error): Promise<void> {
    for (const id of ids) this.abort(id, reason);
    const canceled = this.#outside(() => DBOS.cancelWorkflows([...ids]));
    await this.#asked(canceled, {}, 'runs of ended tasks were not stopped; they will notice by themselves');
  }

  /** Aborts the signal of the run here, if there is one. */
  abort(id: string, reason: Error): void {
    this.#running.get(id)?.abort(reason);
  }

  /**
   * Takes no new runs, waits up to `drainMs` for those under way, and hands the rest over to whoever is alive. `inOrder`:
   * none of them made the server stop.
   */
  async stop(drainMs: number, inOrder = true): Promise<void> {
    this.#stopping = true;
    await this.#sweeper.stop();
    const drained = new AbortController();
    const drain = this.clock.sleep(drainMs, drained.signal).catch(() => undefined);
    // At once takes nothing more from the queues; ends when the workflows here have, or their time is over.
    const shutdown = DBOS.shutdown({ workflowCompletionTimeoutMS: drainMs });
    shutdown.catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#settled), drain]);
    drained.abort();
    this.#abandonAll(new RunAbandoned('the server shuts down'));
    this.#pool.refuse();
    try {
      await this.#membership.leave(inOrder);
      await shutdown;
      await this.#pool.end();
    } finally {
      leaveWorkflow(this.#ofDbos);
    }
  }

  /** What was asked for is stored already: nobody has to wait longer than ASKED_MS for what follows from it. */
  async #asked(work: Promise<unknown>, about: object, failed: string): Promise<void> {
    const over = new AbortController();
    const done = work
      .catch((error: unknown) => this.log.warn({ err: messageOf(error), ...about }, failed))
      .finally(() => over.abort());
    const late = this.clock.sleep(ASKED_MS, over.signal).catch(() => undefined);
    await Promise.race([done, late]);
  }

  /** What DBOS calls, when a run's queue lets it begin. */
  async #inWorkflow(id: string): Promise<RunOutcome> {
    try {
      if (this.#stopping) throw new RunAbandoned('the server shuts down');
      return await this.#carryOut(id, (run) => this.#handle(run));
    } catch (error) {
      // The workflow stays as it is: it belongs to another run now, or will.
      if (error instanceof RunAbandoned) throw new DBOSWorkflowConflictError(id);
      throw error;
    }
  }

  async #beginOrEnqueue(run: QueuedRun): Promise<void> {
    if (run.queue !== undefined) await this.enqueue(run);
    else this.begin(run.id, (begun) => this.#handle(begun));
  }

  #handle(run: Run): Promise<RunOutcome> {
    if (this.#handler === undefined) throw new RunAbandoned('the server has not started');
    return this.#handler(run);
  }

  async #carryOut(id: string, handler: RunHandler): Promise<RunOutcome> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const run: Run = {
      id,
      signal: controller.signal,
      entitled: () => this.#membership.entitled(),
      abort: (reason) => controller.abort(reason),
    };
    const outcome: Promise<RunOutcome> = Promise.resolve().then(() => handler(run));
    this.#settled.add(outcome);
    try {
      return await outcome;
    } finally {
      this.#settled.delete(outcome);
      // What the agent left behind, of a run that has failed or timed out, must not get in the way of the next.
      controller.abort(OVER);
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  #abandonAll(reason: RunAbandoned): void {
    for (const controller of this.#running.values()) controller.abort(reason);
  }

  /** After this instance was taken for dead: nothing that ran here may go on, and DBOS starts under the new id. */
  async #restart(): Promise<void> {
    this.#abandonAll(new TakenOver());
    await DBOS.shutdown();
    await this.#launch();
  }

  async #launch(): Promise<void> {
    const { log } = this;
    DBOS.setConfig({
      name: 'continuo',
      // It is for messages: every connection comes from the pool.
      systemDatabaseUrl: this.database.servers.anyUrl,
      systemDatabasePool: this.#pool,
      useListenNotify: false,
      applicationVersion: APPLICATION_VERSION,
      executorID: this.#membership.id,
      // What others have queued is of agents that may not be here.
      listenQueues: Object.keys(this.#agents).map(agentQueue),
      runAdminServer: false,
      // What DBOS reports of a failing step is an agent's matter: it is in the task. The rest is for debugging.
      logger: {
        info: (entry) => log.trace({ dbos: entry }),
        debug: (entry) => log.trace({ dbos: entry }),
        warn: (entry) => log.debug({ dbos: entry }),
        error: (entry) => log.debug({ dbos: messageOf(entry) }),
      },
    });
    // DBOS makes and upgrades its own schema: one instance at a time, as with ours.
    await this.database.locked(SCHEMA_LOCK, this.clock, async () => {
      await DBOS.launch();
      await registerQueues(this.#queues);
    });
  }
}
