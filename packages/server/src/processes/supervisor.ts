/** Keeps so many workers running behind one port: replaces those that die, reloads them one by one, and stops them. */
import { alarm, type Clock } from '@continuo/agent/internal/platform/clock.js';
import type { Log } from '../platform/log.js';
import type { Base } from './messages.js';
import { restartPause } from './restart-pause.js';
import { tellCounts, WorkerProcess, type Ending } from './worker-process.js';

/** One that lived for so long has got over its start. */
const STARTED_MS = 10_000;
/** So long a start may take until that is said. */
const SLOW_START_MS = 60_000;
/** How long a worker may take, beyond the limits of its drain, until it is killed. */
const OVERDUE_MS = 60_000;

export interface SupervisorOptions {
  readonly count: number;
  readonly base: Base;
  /** What CONTINUO_DRAIN_MS says. */
  readonly drainMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when there is no worker any more, and none can be started; not while `start` is under way, which throws. */
  readonly onFailed: (error: WorkerFailedError) => void;
}

/** No worker serves, and none starts. The message says why, as the worker does. */
export class WorkerFailedError extends Error {
  override readonly name = 'WorkerFailedError';

  constructor({ reason, code, signal }: Ending) {
    super(reason ?? `A process has ended with ${signal ?? `exit code ${code}`} before it was ready.`);
    this.exitCode = code === null || code === 0 ? 1 : code;
  }

  /** What the process would have ended with had it been alone. */
  readonly exitCode: number;
}

/** The place of one worker. */
interface Place {
  worker: WorkerProcess | undefined;
  /** Starts in a row that came to nothing. */
  failures: number;
  /** Resolves when a worker is there. */
  filling: Promise<void> | undefined;
}

export class Supervisor {
  readonly #places: readonly Place[];
  readonly #all = new Set<WorkerProcess>();
  #pauses = new AbortController();
  #stopping: Promise<0 | 1> | undefined;
  #replacing: Promise<void> = Promise.resolve();
  #url = '';

  constructor(private readonly options: SupervisorOptions) {
    this.#places = Array.from({ length: options.count }, () => ({
      worker: undefined,
      failures: 0,
      filling: undefined,
    }));
  }

  /**
   * Resolves with the url when all workers serve. The first starts alone: it migrates, and what is wrong is said once.
   * Throws WorkerFailedError when it does not start.
   */
  async start(): Promise<string> {
    const [first, ...others] = this.#places;
    if (first !== undefined) await this.#fill(first);
    await Promise.all(others.map((place) => this.#fill(place)));
    return this.#url;
  }

  /**
   * Replaces every worker that runs now, one after the other: the old one goes when the new one is ready. One that is still
   * starting, perhaps for ever, starts again.
   */
  reload(): Promise<void> {
    const before = [...this.#all];
    for (const worker of before) if (worker.isStarting) worker.kill();
    // Who waits for its next try has it now: with the new code it may go well.
    this.#pauses.abort(new Error('The processes are reloaded.'));
    this.#pauses = new AbortController();
    return this.#inTurn(() => this.#replaceAll(before));
  }

  /**
   * Stops the workers one by one, the last of which answers on the port until it has drained. The next one begins when the
   * one before is gone, but so early that all of them together take no longer than two drains. 1: one did not end in order.
   */
  stop(): Promise<0 | 1> {
    return (this.#stopping ??= this.#stopAll());
  }

  get #isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  #fill(place: Place): Promise<void> {
    return (place.filling ??= this.#bringUp(place).finally(() => (place.filling = undefined)));
  }

  async #bringUp(place: Place): Promise<void> {
    const { clock, log } = this.options;
    while (!this.#isStopping) {
      await clock.sleep(restartPause(place.failures), this.#pauses.signal).catch(() => undefined);
      if (this.#isStopping) return;
      const worker = this.#fork();
      const started = await worker.started;
      if (this.#isStopping) return;
      if (typeof started === 'string') {
        this.#install(place, worker, started);
        return;
      }
      place.failures += 1;
      const isAlone = this.#places.every((other) => other.worker?.isAlive !== true);
      if (isAlone && started.signal === null) throw new WorkerFailedError(started);
      const pauseMs = restartPause(place.failures);
      log.error({ worker: worker.pid, ...started, pauseMs }, 'a process did not start; there will be another try');
    }
  }

  #install(place: Place, worker: WorkerProcess, url: string): void {
    const { clock, log } = this.options;
    this.#url = url;
    place.worker = worker;
    const since = clock.now().getTime();
    log.info({ worker: worker.pid }, 'a process serves');
    void worker.ended.then((ending) => {
      if (place.worker !== worker || this.#isStopping) return;
      place.worker = undefined;
      const livedMs = clock.now().getTime() - since;
      place.failures = livedMs < STARTED_MS ? place.failures + 1 : 0;
      log.error({ worker: worker.pid, ...ending }, 'a process has died; another one takes its place');
      this.#fill(place).catch((error: unknown) => {
        if (error instanceof WorkerFailedError) this.options.onFailed(error);
        else throw error;
      });
    });
  }

  #fork(): WorkerProcess {
    const worker: WorkerProcess = new WorkerProcess({
      base: this.options.base,
      onTerminated: (told) => void this.#inTurn(() => this.#replaceTerminated(told)),
      onCountsWanted: (asking, question) => {
        const workers = this.#places.map(({ worker: each }) => each);
        void tellCounts(asking, question, workers);
      },
    });
    this.#all.add(worker);
    void worker.ended.then(() => this.#all.delete(worker));
    this.#tellIfSlow(worker);
    return worker;
  }

  /** Nobody knows what its program waits for; as long as it does, no other one is replaced. */
  #tellIfSlow(worker: WorkerProcess): void {
    const { clock, log } = this.options;
    const calledOff = alarm(clock, SLOW_START_MS, () =>
      log.warn(
        { worker: worker.pid },
        'a process has not become ready for a minute; a reload (SIGHUP) starts it again',
      ),
    );
    void worker.started.then(calledOff);
  }

  /** Two that replace workers at the same time would be one worker too many for a while. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    return (this.#replacing = this.#replacing.then(() => (this.#isStopping ? undefined : work())));
  }

  async #replaceAll(before: readonly WorkerProcess[]): Promise<void> {
    const { log } = this.options;
    log.info({ processes: this.#places.length }, 'reloading the processes, one by one');
    await Promise.all(before.map(({ started }) => started));
    for (const place of this.#places) {
      const { worker } = place;
      if (worker === undefined || !before.includes(worker)) continue;
      if (!(await this.#replace(place, worker))) return;
    }
    log.info('the processes are reloaded');
  }

  /** False when no new one starts: then the old one stays. */
  async #replace(place: Place, old: WorkerProcess): Promise<boolean> {
    const { log } = this.options;
    const worker = this.#fork();
    const started = await worker.started;
    if (this.#isStopping) return false;
    if (typeof started !== 'string') {
      log.error({ worker: worker.pid, ...started }, 'a new process did not start; the old ones go on');
      return false;
    }
    const isStillThere = place.worker === old;
    if (isStillThere) this.#install(place, worker, started);
    // One that has died meanwhile gets another in its place anyway.
    const spare = isStillThere ? old : worker;
    spare.stop('serve-out');
    await this.#gone(spare);
    return !this.#isStopping;
  }

  async #replaceTerminated(told: WorkerProcess): Promise<void> {
    const place = this.#places.find(({ worker }) => worker === told);
    if (place === undefined) return;
    this.options.log.info({ worker: told.pid }, 'a process was told to stop; another one takes its place first');
    await this.#replace(place, told);
  }

  async #stopAll(): Promise<0 | 1> {
    const { drainMs, clock } = this.options;
    this.#pauses.abort(new Error('The server stops.'));
    // Last those that serve: the very last of them answers on the port until the end.
    const serving = this.#places.flatMap(({ worker }) => (worker?.isAlive === true ? [worker] : []));
    const all = [...[...this.#all].filter((worker) => !serving.includes(worker)), ...serving];
    const endings: Promise<Ending>[] = [];
    for (const [index, worker] of all.entries()) {
      const isLast = index === all.length - 1;
      worker.stop(isLast ? 'stop' : 'leave');
      endings.push(this.#gone(worker));
      if (isLast) break;
      const gone = new AbortController();
      const share = clock.sleep(drainMs / all.length, gone.signal).catch(() => undefined);
      await Promise.race([worker.ended, share]);
      gone.abort();
    }
    const inOrder = (await Promise.all(endings)).every(({ code }) => code === 0);
    return inOrder ? 0 : 1;
  }

  /** How it ended; after all its time it is killed. */
  async #gone(worker: WorkerProcess): Promise<Ending> {
    const { drainMs, clock, log } = this.options;
    const gone = new AbortController();
    void clock.sleep(2 * drainMs + OVERDUE_MS, gone.signal).then(
      () => {
        log.error({ worker: worker.pid }, 'a process does not stop; it is killed');
        worker.kill();
      },
      () => undefined,
    );
    const ending = await worker.ended;
    gone.abort();
    return ending;
  }
}
