/** Finds tasks that should run and don't: accepted just before a crash, left behind by a lost instance, or answered. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { BackgroundLoop } from '../platform/background-loop.js';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import type { Database } from '../platform/database.js';
import { messageOf } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import { aliveInstances, declareLost, forgetLost } from './instances.js';
import type { Membership } from './membership.js';
import { BEYOND_EVERY_STEP, firstStepOf, type RewindTo } from './new-attempt.js';
import { forgetQueues, placeIn, type QueuedRun } from './queues.js';

/** One instance at a time declares others lost, and does what is due; each revives what it takes. */
const LOCK = 7_046_029_255;
/**
 * After how long it may be wrong who is alive: the process was paused meanwhile, others have joined, and what they run is
 * not to be revived. The next sweep asks again.
 */
const OUTDATED_MS = 3_000;
/** Runs that are brought back at the same time. */
const AT_ONCE = 8;

/** A run that should be under way and isn't. */
export interface WantedRun extends QueuedRun {
  /** Its workflow: there is none, it is over, or it is left behind by an instance that is lost, or in its queue. */
  readonly workflow: 'none' | 'over' | 'orphaned';
  /** Where a new attempt begins, if it is one that has not begun yet. */
  readonly rewind: RewindTo | null;
}

/** Runs of tasks that should be running but that no instance in `alive` is running. */
export interface WantedRuns {
  /** Gives them to instance `by`, to revive at once, and to nobody else for a while; of these tasks only, if any are named. */
  take(alive: ReadonlySet<string>, by: string, ids?: readonly string[]): Promise<readonly WantedRun[]>;
  /** Whether the task's run is still one of them. */
  find(alive: ReadonlySet<string>, id: string): Promise<WantedRun | undefined>;
  /** Milliseconds for which they are given. */
  readonly takenForMs: number;
}

interface SweeperOptions {
  readonly sweepMs: number;
  readonly leaseMs: number;
  readonly wanted: WantedRuns;
  /** Does what is due; answers with tasks that go on because of it. Called on one instance at a time. */
  readonly due: () => Promise<readonly string[]>;
}

export class Sweeper {
  readonly #loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly options: SweeperOptions,
    private readonly membership: Membership,
    private readonly begin: (run: QueuedRun) => Promise<void>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    const failed = (error: unknown): void => log.warn({ err: messageOf(error) }, 'sweep failed, will try again');
    this.#loop = new BackgroundLoop(() => this.#sweep(), options.sweepMs, failed, clock);
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #sweep(): Promise<void> {
    const sweeps = await this.database.transaction(async (client) => {
      const [lock] = await client.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [LOCK]);
      if (lock?.held !== true) return false;
      if (this.membership.connectedFor(this.options.leaseMs)) {
        const lost = await declareLost(client, this.options.leaseMs);
        if (lost.length > 0) this.log.warn({ instances: lost }, 'instances are silent; taking their tasks over');
      }
      await forgetQueues(client);
      await forgetLost(client);
      return true;
    });
    crashPoint('lost-declared');
    await this.revive();
    const due = sweeps ? await this.options.due() : [];
    if (due.length > 0) await this.revive(due);
  }

  /** Sees to it that each task has a run under way, whatever became of the one before; default: every task. */
  async revive(ids?: readonly string[]): Promise<void> {
    const askedAt = this.clock.now().getTime();
    const alive = await aliveInstances(this.database);
    const takenAt = this.clock.now().getTime();
    if (takenAt - askedAt > OUTDATED_MS) return;
    const taken = await this.options.wanted.take(alive, this.membership.id, ids);
    if (this.clock.now().getTime() - askedAt > OUTDATED_MS) return;
    // A process that was paused in between must not touch what others have revived meanwhile.
    const stillOurs = (): boolean => this.clock.now().getTime() - takenAt < this.options.wanted.takenForMs / 2;
    await this.#revive(taken, stillOurs);
  }

  async #revive(runs: readonly WantedRun[], stillOurs: () => boolean): Promise<void> {
    const attempts = runs.filter((run) => run.rewind !== null && run.workflow !== 'none');
    for (const { id } of attempts) if (stillOurs()) await this.#beginAttempt(id, stillOurs);
    const wanted = runs.filter((run) => !attempts.includes(run));
    const orphaned = wanted.filter((run) => run.workflow === 'orphaned');
    if (orphaned.length > 0)
      this.log.info({ tasks: orphaned.length }, 'taking tasks over from their last finished step');
    const unlimited = orphaned.filter((run) => run.queue === undefined).map((run) => run.id);
    if (unlimited.length > 0 && stillOurs())
      await DBOS.resumeWorkflows(unlimited, placeIn(undefined, this.membership.id));
    // Only what is over can be moved to its place in a queue; when we die between the two, it stays wanted.
    const limited = orphaned.filter((run) => run.queue !== undefined).map((run) => run.id);
    if (limited.length > 0 && stillOurs()) await DBOS.cancelWorkflows(limited);
    const others = wanted.filter((run) => run.workflow !== 'orphaned' || run.queue !== undefined);
    while (others.length > 0 && stillOurs()) {
      const some = others.splice(0, AT_ONCE);
      await Promise.all(some.map((run) => (run.workflow === 'none' ? this.begin(run) : this.#rewind(run))));
    }
  }

  /** It was given to nobody else meanwhile; one whose run is in a queue by now, or has begun, keeps its steps. */
  async #beginAttempt(id: string, stillOurs: () => boolean): Promise<void> {
    const run = await this.options.wanted.find(await aliveInstances(this.database), id);
    if (run === undefined || run.rewind === null || run.workflow === 'none') return;
    const startStep = await firstStepOf(id, run.rewind);
    if (!stillOurs()) return;
    if (run.workflow === 'orphaned') await DBOS.cancelWorkflow(id);
    await this.#rewind(run, startStep);
  }

  /** Keeps every finished step: the run replays them and goes on behind the last. */
  async #rewind({ id, queue }: QueuedRun, startStep = BEYOND_EVERY_STEP): Promise<void> {
    try {
      await DBOS.rewindWorkflow(id, { startStep, ...placeIn(queue, this.membership.id) });
    } catch (error) {
      this.log.debug(
        { err: messageOf(error), taskId: id },
        'a run was not begun again; if nobody else did, it will be',
      );
    }
  }
}
