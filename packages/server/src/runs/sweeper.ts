/** Finds tasks that should run and don't: accepted just before a crash, left behind by a lost instance, or answered. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { crashPoint } from '@continuo/agent/internal/platform/crash-points.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { BackgroundLoop } from '../platform/background-loop.js';
import type { Database } from '../platform/database.js';
import { eachAlone } from '../platform/each-alone.js';
import type { Log } from '../platform/log.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import { random } from '../platform/random.js';
import { aliveInstances, declareLost, forgetLost } from './instances.js';
import { lookAround, type Looked } from './look-around.js';
import type { Membership } from './membership.js';
import type { QueuedRun } from './queue-rows.js';

/**
 * After how long it may be wrong who is alive: the process was paused meanwhile, others have joined, and what they run is
 * not to be revived. The next sweep asks again.
 */
const OUTDATED_MS = 3_000;
/** How often it looks for what is left behind when nothing says so. */
const BEHIND_EVERY_MS = 30_000;
/** Tasks that a sweep looks at, however many are queued or wait; and at once, when it looks at all of them. */
const PAGE = 100;
const LARGE_PAGE = 1_000;
/** After so many revived runs a sweep pauses, however many more there are. */
const MOST_AT_ONCE = 200;
/** How long a sweep looks at all of them. */
const LONGEST_LOOK_MS = 1_000;
/** Runs that are brought back at the same time. */
const AT_ONCE = 8;
/**
 * Runs that were started in vain before, perhaps as one of them takes its process with it, begin in so many groups, with a
 * pause before each: the others get further meanwhile, and are not taken for the culprit. The pauses of all groups together
 * leave time within `takenForMs`; few groups have longer ones, so that a first step fits into each on a busy machine.
 */
const SUSPECT_GROUPS = 8;
const SUSPECT_PAUSES_MS = 2_000;
const LONGEST_PAUSE_MS = 1_000;

/** A run that should be under way and isn't. */
export interface WantedRun extends QueuedRun {
  /** It was started twice or more without getting further. */
  readonly isSuspect: boolean;
}

/** Who takes runs, and which instances are alive. */
interface Taker {
  readonly alive: ReadonlySet<string>;
  readonly by: string;
}

/** Who was alive when that was asked; milliseconds since 1970. */
interface Fleet {
  readonly alive: ReadonlySet<string>;
  readonly askedAt: number;
}

/** Where a page of tasks ends. */
interface Place {
  readonly at: string;
  readonly id: string;
}

/**
 * Runs of tasks that should be running but that no instance which is alive is running. They are given to the taker, to revive
 * at once, and to nobody else for a while.
 */
export interface WantedRuns {
  /** Those of these tasks. */
  take(taker: Taker, ids: readonly string[]): Promise<readonly WantedRun[]>;
  /** Those among the next `size` tasks that have not ended, or the newest. `next`: undefined behind the last page. */
  takeNext(
    taker: Taker,
    from: Place | 'beginning' | 'newest',
    size: number,
  ): Promise<{ readonly tasks: readonly WantedRun[]; readonly next: Place | undefined }>;
  /** Tells others of those of these tasks that the taker can't run. */
  leave(taker: Pick<Taker, 'by'>, ids: readonly string[]): Promise<void>;
  /** Milliseconds for which they are given. */
  readonly takenForMs: number;
}

/** Something that is due; answers with the tasks that go on because of it, if any. */
export type Due = () => Promise<readonly string[] | void>;

interface SweeperOptions extends Looked {
  readonly sweepMs: number;
  readonly wanted: WantedRuns;
  /**
   * What is due, one after the other, whatever becomes of those before. Seldom done on two instances at once, which it has
   * to bear. `leftBehind`: also what a process should have done that may have died before.
   */
  readonly due: (leftBehind: boolean) => readonly Due[];
  /** Begins those of the queued runs that may begin here. */
  readonly beginQueued: () => void;
  readonly metrics: Metrics;
}

export class Sweeper {
  readonly #loop: BackgroundLoop;
  /** Where the next sweep goes on; undefined at the beginning. */
  #place: Place | undefined;
  /** Whether it goes on to the end: somebody has left tasks behind, or may have before there was this sweeper. */
  #thorough = true;
  /** Who was alive when it last looked. */
  #alive: ReadonlySet<string> = new Set();
  /** Whether something may be left behind that only its process knew of, and since when nobody has looked for that. */
  #leftBehind = true;
  #lookedBehindAt = 0;

  constructor(
    private readonly database: Database,
    private readonly options: SweeperOptions,
    private readonly membership: Membership,
    private readonly begin: (run: WantedRun) => Promise<void>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    const failed = (error: unknown): void => {
      this.#leftBehind = true;
      log.warn({ err: messageOf(error) }, 'sweep failed, will try again');
    };
    this.#loop = new BackgroundLoop(() => this.#sweep(), options.sweepMs, failed, clock);
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** What this process could not do, the next sweep does. */
  leftBehind(): void {
    this.#leftBehind = true;
  }

  async #sweep(): Promise<void> {
    const { metrics, beginQueued } = this.options;
    const askedAt = this.clock.now().getTime();
    const { alone, alive, gone, queued, toRun, due } = await lookAround(this.database, this.options);
    if (gone) await this.#forgetGone();
    crashPoint('lost-declared');
    const fleet = gone ? await this.#fleet() : { alive: new Set(alive), askedAt };
    this.#compare(fleet.alive);
    if (queued) beginQueued();
    if (toRun || this.#thorough) await this.#look(fleet);
    if (alone) await this.#doWhatIsDue(due);
    metrics.record.sweeps({}, (this.clock.now().getTime() - askedAt) / 1_000);
  }

  async #doWhatIsDue(anyDue: boolean): Promise<void> {
    const now = this.clock.now().getTime();
    const behind = this.#leftBehind || now - this.#lookedBehindAt > BEHIND_EVERY_MS;
    if (!anyDue && !behind) return;
    this.#leftBehind = false;
    await eachAlone(this.options.due(behind), async (due) => {
      const goOn = await due();
      if (goOn !== undefined && goOn.length > 0) await this.revive(goOn);
    });
    if (behind) this.#lookedBehindAt = now;
  }

  /** Whoever is gone has left something behind. */
  #compare(alive: ReadonlySet<string>): void {
    if ([...this.#alive].some((id) => !alive.has(id))) {
      this.#startOver();
      this.#leftBehind = true;
    }
    this.#alive = alive;
  }

  #startOver(): void {
    [this.#place, this.#thorough] = [undefined, true];
  }

  /** Asked behind an answer of PostgreSQL: while it hung, everybody was silent. */
  async #forgetGone(): Promise<void> {
    if (this.membership.connectedFor(this.options.leaseMs)) {
      const lost = await declareLost(this.database, this.options.leaseMs);
      if (lost.length > 0) {
        this.options.metrics.record.instancesLost({}, lost.length);
        this.log.warn({ instances: lost }, 'instances are silent; taking their tasks over');
      }
    }
    await forgetLost(this.database);
  }

  /** Sees to it that each of these tasks has a run under way, here or elsewhere, whatever became of the one before. */
  async resume(ids: readonly string[]): Promise<void> {
    const revived = await this.revive(ids);
    if (revived !== undefined && revived < ids.length) await this.options.wanted.leave({ by: this.membership.id }, ids);
  }

  /** The same of those that this instance can run; answers as `#reviveSome`. */
  async revive(ids: readonly string[]): Promise<number | undefined> {
    let revived: number | undefined;
    try {
      revived = await this.#reviveSome((taker) => this.options.wanted.take(taker, ids));
      return revived;
    } finally {
      // Nobody tells of them again.
      if (revived === undefined) this.#startOver();
    }
  }

  /** The same of all tasks: of a page of them and of the newest; of all at once when an instance is gone. */
  async #look(fleet: Fleet): Promise<void> {
    let known: Fleet | undefined = fleet;
    const begun = this.clock.now().getTime();
    for (let revived = 0; revived < MOST_AT_ONCE && !this.#loop.stopped;) {
      const some = await this.#reviveSome((taker) => this.#nextPage(taker), known);
      // What was taken was left alone: the next sweep asks for all again.
      if (some === undefined) {
        this.#startOver();
        return;
      }
      if (!this.#thorough) break;
      revived += some;
      known = undefined;
      // The next sweep goes on from there, and does what is due before.
      if (this.clock.now().getTime() - begun > LONGEST_LOOK_MS) return;
    }
    if (this.#place === undefined) return;
    await this.#reviveSome(async (taker) => (await this.options.wanted.takeNext(taker, 'newest', PAGE)).tasks);
  }

  async #nextPage(taker: Taker): Promise<readonly WantedRun[]> {
    this.#compare(taker.alive);
    const size = this.#thorough ? LARGE_PAGE : PAGE;
    const { tasks, next } = await this.options.wanted.takeNext(taker, this.#place ?? 'beginning', size);
    this.#place = next;
    if (next === undefined) this.#thorough = false;
    return tasks;
  }

  async #fleet(): Promise<Fleet> {
    const askedAt = this.clock.now().getTime();
    return { alive: await aliveInstances(this.database), askedAt };
  }

  /**
   * Revives what `take` gives; answers with how many, or undefined when that took too long to be sure of. `fleet`: where it
   * has just been asked for.
   */
  async #reviveSome(take: (taker: Taker) => Promise<readonly WantedRun[]>, fleet?: Fleet): Promise<number | undefined> {
    const { alive, askedAt } = fleet ?? (await this.#fleet());
    const takenAt = this.clock.now().getTime();
    if (takenAt - askedAt > OUTDATED_MS) return undefined;
    const taken = await take({ alive, by: this.membership.id });
    if (this.clock.now().getTime() - askedAt > OUTDATED_MS) return undefined;
    // A process that was paused in between must not touch what others have revived meanwhile.
    const stillOurs = (): boolean => this.clock.now().getTime() - takenAt < this.options.wanted.takenForMs / 2;
    await this.#revive(taken, stillOurs);
    return taken.length;
  }

  async #revive(runs: readonly WantedRun[], stillOurs: () => boolean): Promise<void> {
    await this.#begin(
      runs.filter((run) => !run.isSuspect),
      stillOurs,
    );
    const suspects = shuffled(runs.filter((run) => run.isSuspect));
    const size = Math.ceil(suspects.length / SUSPECT_GROUPS);
    const pauseMs = Math.min(SUSPECT_PAUSES_MS / Math.ceil(suspects.length / size), LONGEST_PAUSE_MS);
    while (suspects.length > 0) {
      await this.clock.sleep(pauseMs);
      await this.#begin(suspects.splice(0, size), stillOurs);
    }
  }

  async #begin(runs: readonly WantedRun[], stillOurs: () => boolean): Promise<void> {
    const left = [...runs];
    while (left.length > 0 && stillOurs()) {
      await Promise.all(left.splice(0, AT_ONCE).map((run) => this.begin(run)));
    }
    if (left.length > 0) this.#startOver();
  }
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const ordered = items.map((item) => ({ item, at: random() }));
  return ordered.toSorted((a, b) => a.at - b.at).map(({ item }) => item);
}
