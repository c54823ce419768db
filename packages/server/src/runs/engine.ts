/** Begins runs and ends them, and hands them over when the server stops. */
import { AsyncLocalStorage } from 'node:async_hooks';
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
import { isKnownAgent, type OwnAgents } from './instances.js';
import type { Looked } from './look-around.js';
import { Membership } from './membership.js';
import type { LimitedAgent, QueuedRun } from './queue-rows.js';
import { RunQueue } from './run-queue.js';
import { Sweeper, type Due, type WantedRun, type WantedRuns } from './sweeper.js';

/** How long a caller waits for what follows from its request, while PostgreSQL is away. */
const ASKED_MS = 2_000;

export interface EngineOptions extends Looked {
  readonly heartbeatMs: number;
  readonly sweepMs: number;
  readonly wanted: WantedRuns;
  /** See Sweeper. */
  readonly due: (leftBehind: boolean) => readonly Due[];
  readonly metrics: Metrics;
}

/** One for all: whoever is told of it does nothing more. */
const OVER = new RunAbandoned('the run is over');

/** Runs `work` in another asynchronous context. */
type Scope = <Result>(work: () => Result) => Result;

export class Engine {
  readonly #membership: Membership;
  readonly #sweeper: Sweeper;
  readonly #queue: RunQueue;
  readonly #running = new Map<string, AbortController>();
  readonly #settled = new Set<Promise<unknown>>();
  /** Outside of every run, also when an agent's call to another agent leads here. */
  readonly #outside: Scope = AsyncLocalStorage.snapshot();
  #handler: RunHandler | undefined;
  #agents: OwnAgents = {};
  #limited: ReadonlySet<string> = new Set();
  #stopping = false;

  constructor(
    private readonly database: Database,
    options: EngineOptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    // After this instance was taken for dead nothing that ran here may go on.
    const lost = (): void => this.#abandonAll(new TakenOver());
    this.#membership = new Membership(database, options.heartbeatMs, options.leaseMs, clock, log, lost);
    this.#queue = new RunQueue({
      database,
      instanceId: () => this.#membership.id,
      agents: () => Object.keys(this.#agents),
      begin: (id) => this.#takeOver(id),
      freed: (ids) => this.#goOn(ids),
      clock,
      log,
    });
    const { record } = options.metrics;
    options.metrics.beforeScrape(() => {
      record.runsActive({}, this.#running.size);
      record.heartbeatAge({}, this.#membership.silentMs / 1_000);
      record.lease({}, options.leaseMs / 1_000);
    });
    const sweeps = { ...options, beginQueued: () => this.#queue.lookSoon() };
    this.#sweeper = new Sweeper(database, sweeps, this.#membership, (run) => this.#beginOrEnqueue(run), clock, log);
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
   * tasks this instance takes, as far as `limited` lets it; all others it leaves to others.
   */
  async start(handler: RunHandler, limited: readonly LimitedAgent[], agents: OwnAgents): Promise<void> {
    this.#handler = handler;
    this.#agents = agents;
    this.#limited = new Set(limited.map(({ agent }) => agent));
    await this.#membership.join(agents);
    await this.#queue.start(limited);
    this.#sweeper.start();
  }

  /** Takes tasks of `agents` from now on, none of which is limited that it did not have at the start. */
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

  /** Whether runs of the agent may have to wait for a place. */
  isLimited(agent: string): boolean {
    return this.#limited.has(agent);
  }

  /** Has the task run when its agent's limits let it, on whichever instance has the agent. */
  async enqueue(run: QueuedRun): Promise<void> {
    const queued = this.#outside(() => this.#queue.add(run));
    await this.#asked(queued, { taskId: run.id }, 'a task was not queued; it will be');
  }

  /** Begins runs, or begins them again where they stopped: what their tasks waited for is there. */
  async resume(ids: readonly string[]): Promise<void> {
    const resumed = this.#outside(() => this.#sweeper.resume(ids));
    await this.#asked(resumed, { taskIds: ids }, 'runs were not begun again; they will be');
  }

  /** What this process could not do for tasks, the next sweep does. */
  leftBehind(): void {
    this.#sweeper.leftBehind();
  }

  /** Stops runs of tasks that have ended by other means; the tasks themselves are not touched. */
  async cancel(ids: readonly string[], reason: Error): Promise<void> {
    for (const id of ids) this.abort(id, reason);
    const canceled = this.#outside(() => this.#queue.remove(ids));
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
    await Promise.all([this.#sweeper.stop(), this.#queue.stop()]);
    const drained = new AbortController();
    const drain = this.clock.sleep(drainMs, drained.signal).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#settled), drain]);
    drained.abort();
    this.#abandonAll(new RunAbandoned('the server shuts down'));
    // What is left of them is free with this instance.
    await this.#queue.freePlaces().catch(() => undefined);
    await this.#membership.leave(inOrder);
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

  async #beginOrEnqueue(run: WantedRun): Promise<void> {
    if (this.isLimited(run.agent)) await this.enqueue(run);
    else this.#takeOver(run.id);
  }

  /** What these tasks wait for may have come by now. */
  #goOn(ids: readonly string[]): void {
    if (this.#stopping) return;
    this.#sweeper.revive(ids).catch((error: unknown) => {
      this.log.debug({ err: messageOf(error), taskIds: ids }, 'runs were not begun again; they will be');
    });
  }

  #takeOver(id: string): void {
    this.begin(id, (run) => this.#handle(run));
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
    let how: RunOutcome | undefined;
    try {
      how = await outcome;
      return how;
    } finally {
      this.#settled.delete(outcome);
      // What the agent left behind, of a run that has failed or timed out, must not get in the way of the next.
      controller.abort(OVER);
      if (this.#running.get(id) === controller) this.#running.delete(id);
      this.#outside(() => this.#queue.ended(id, how === 'suspended'));
    }
  }

  #abandonAll(reason: RunAbandoned): void {
    for (const controller of this.#running.values()) controller.abort(reason);
  }
}
