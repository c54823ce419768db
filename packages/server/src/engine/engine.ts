/** Durable execution: one task is one DBOS workflow with the task's id, on whichever instance is alive. */
import { DBOS, DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk';
import type { Clock } from '../platform/clock.js';
import type pg from 'pg';
import { createPool, type Database } from '../platform/database.js';
import { messageOf } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import { DbosRun } from './dbos-run.js';
import { Membership } from './membership.js';
import { RunAbandoned, type RunHandler, type RunOutcome } from './run.js';
import { Sweeper } from './sweeper.js';

/** Runs that begin again (after a takeover, after an answer) come through this queue. */
const QUEUE = 'continuo';
const QUEUE_POLL_MS = 200;
/** Runs belong to the task, not to a build: a new version of the code goes on with what an older one began. */
const APPLICATION_VERSION = 'continuo';
const UNLIMITED = 1_000_000_000;

export interface EngineOptions {
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly sweepMs: number;
  readonly poolSize: number;
  /** Ids of tasks that should run but that no instance in `alive` is running. */
  readonly wanted: (alive: ReadonlySet<string>) => Promise<readonly string[]>;
}

export class Engine {
  readonly #membership: Membership;
  readonly #sweeper: Sweeper;
  readonly #running = new Map<string, AbortController>();
  readonly #settled = new Set<Promise<unknown>>();
  #handler: RunHandler | undefined;
  readonly #pool: pg.Pool;
  #stopping = false;
  #workflow: ((id: string) => Promise<RunOutcome>) | undefined;

  constructor(
    private readonly database: Database,
    options: EngineOptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#pool = createPool(database.url, { poolSize: options.poolSize, log });
    this.#membership = new Membership(database, options.heartbeatMs, clock, log, () => this.#restart());
    this.#sweeper = new Sweeper(database, options, this.#membership, QUEUE, (id) => this.run(id), clock, log);
  }

  /** The instance in whose name runs claim their tasks. */
  get instanceId(): string {
    return this.#membership.id;
  }

  async start(handler: RunHandler): Promise<void> {
    this.#handler = handler;
    this.#workflow = DBOS.registerWorkflow((id: string) => this.#carryOut(id), {
      name: 'continuo.task',
      maxRecoveryAttempts: UNLIMITED,
    });
    await this.#membership.join();
    await this.#launch();
    this.#sweeper.start();
  }

  /** Starts the run of a task that was just committed. Failing is no harm: the sweeper finds the task. */
  async run(id: string): Promise<void> {
    if (this.#workflow === undefined || this.#stopping) return;
    try {
      await DBOS.startWorkflow(this.#workflow, { workflowID: id })(id);
    } catch (error) {
      this.log.warn({ err: messageOf(error), taskId: id }, 'a run was not started; it will be');
    }
  }

  /** Begins the run of a task again where it stopped, after it waited for a person. */
  async resume(id: string): Promise<void> {
    await this.#sweeper.revive([id]);
  }

  /** Stops runs of tasks that have ended by other means; the tasks themselves are not touched. */
  async cancel(ids: readonly string[], reason: Error): Promise<void> {
    for (const id of ids) this.abort(id, reason);
    try {
      await DBOS.cancelWorkflows([...ids]);
    } catch (error) {
      this.log.warn({ err: messageOf(error) }, 'runs of ended tasks were not stopped; they will notice by themselves');
    }
  }

  /** Aborts the signal of the run here, if there is one. */
  abort(id: string, reason: Error): void {
    this.#running.get(id)?.abort(reason);
  }

  /** Takes no new runs, waits up to `drainMs` for those under way, and hands the rest over to whoever is alive. */
  async stop(drainMs: number): Promise<void> {
    this.#stopping = true;
    await this.#sweeper.stop();
    const drained = new AbortController();
    await Promise.race([Promise.allSettled(this.#settled), this.clock.sleep(drainMs, drained.signal).catch(() => undefined)]);
    drained.abort();
    this.#abandonAll('the server shuts down');
    await this.#membership.leave();
    await DBOS.shutdown();
    await this.#pool.end();
  }

  async #carryOut(id: string): Promise<RunOutcome> {
    const handler = this.#handler;
    if (handler === undefined || this.#stopping) throw new DBOSWorkflowConflictError(id);
    const controller = new AbortController();
    this.#running.set(id, controller);
    const run = handler(new DbosRun(id, controller.signal));
    this.#settled.add(run);
    try {
      return await run;
    } catch (error) {
      // The workflow stays as it is: it belongs to another run now, or will.
      if (error instanceof RunAbandoned) throw new DBOSWorkflowConflictError(id);
      throw error;
    } finally {
      this.#settled.delete(run);
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  #abandonAll(reason: string): void {
    for (const controller of this.#running.values()) controller.abort(new RunAbandoned(reason));
  }

  /** After this instance was taken for dead: nothing that ran here may go on, and DBOS starts under the new id. */
  async #restart(): Promise<void> {
    this.#abandonAll('another instance has taken over');
    await DBOS.shutdown();
    await this.#launch();
  }

  async #launch(): Promise<void> {
    const { log } = this;
    DBOS.setConfig({
      name: 'continuo',
      systemDatabaseUrl: this.database.url,
      systemDatabasePool: this.#pool,
      useListenNotify: false,
      applicationVersion: APPLICATION_VERSION,
      executorID: this.#membership.id,
      runAdminServer: false,
      // What DBOS reports of a failing step is an agent's matter: it is in the task. The rest is for debugging.
      logger: {
        info: (entry) => log.trace({ dbos: entry }),
        debug: (entry) => log.trace({ dbos: entry }),
        warn: (entry) => log.debug({ dbos: entry }),
        error: (entry) => log.debug({ dbos: messageOf(entry) }),
      },
    });
    await DBOS.launch();
    await DBOS.registerQueue(QUEUE, { minPollingIntervalMs: QUEUE_POLL_MS, onConflict: 'always_update' });
  }
}
