/** A worker as its supervisor sees it: a process that becomes ready, is told to stop, and ends. */
import cluster, { type Worker } from 'node:cluster';
import type { Counts } from '../platform/metrics/metrics.js';
import { watchHandovers } from './handovers.js';
import { isOurs, type Base, type FromWorker, type HowToStop, type ToWorker } from './messages.js';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it did not start, in its own words. */
  readonly reason?: string | undefined;
}

export interface WorkerOptions {
  /** Where it comes later, the process waits for it. */
  readonly base: Base | Promise<Base>;
  /** Called when somebody else has told it to end. */
  readonly onTerminated: (worker: WorkerProcess) => void;
  /** Called when it wants to know what all of them have counted. Default: it is the only one. */
  readonly onCountsWanted?: (worker: WorkerProcess, question: string) => void;
  /** A process that runs already. Default: this program is run again. */
  readonly worker?: Worker;
}

/** How long a worker may take to say what it has counted. */
const COUNTED_MS = 3_000;

export class WorkerProcess {
  readonly pid: number;
  /** The url that it serves on, or how it ended instead of getting there. */
  readonly started: Promise<string | Ending>;
  readonly ended: Promise<Ending>;
  readonly #worker: Worker;
  #isAlive = true;
  #isReady = false;
  /** Whether it hears what it is told. */
  #hasBegun = false;
  #isUnwanted = false;
  #reason: string | undefined;
  readonly #asked = new Map<string, (counts: Counts) => void>();

  constructor({ base, onTerminated, onCountsWanted = tellItsOwn, worker = cluster.fork() }: WorkerOptions) {
    watchHandovers(worker);
    this.#worker = worker;
    this.pid = worker.process.pid ?? 0;
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: string | null): void => {
        this.#isAlive = false;
        resolve(this.#isUnwanted ? { code: 0, signal: null } : { code, signal, reason: this.#reason });
      };
      worker.once('exit', end);
      // Without an `exit`, where it could not even be started.
      worker.on('error', (error) => {
        this.#reason ??= error.message;
        if (worker.process.pid === undefined) end(1, null);
      });
    });
    const ready = new Promise<string>((resolve) => {
      worker.on('message', (message: unknown) => {
        if (!isOurs<FromWorker>(message)) return;
        if (message.continuo === 'begins') {
          this.#hasBegun = true;
          void this.#sendBase(base);
        }
        if (message.continuo === 'failed') this.#reason = message.reason;
        else if (message.continuo === 'terminated') onTerminated(this);
        else if (message.continuo === 'ready') {
          this.#isReady = true;
          resolve(message.url);
        } else if (message.continuo === 'counts-wanted') onCountsWanted(this, message.question);
        else if (message.continuo === 'counted') this.#asked.get(message.question)?.(message.counts);
      });
    });
    this.started = Promise.race([ready, this.ended]);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isStarting(): boolean {
    return this.#isAlive && !this.#isReady;
  }

  /** May be said again, more urgently. */
  stop(how: HowToStop): void {
    if (this.#hasBegun) {
      this.#send({ continuo: 'stop', how });
      return;
    }
    // It has done nothing yet, and would not hear it.
    this.#isUnwanted = true;
    this.kill();
  }

  /** What it has counted; undefined where it does not say so within COUNTED_MS. */
  async counts(question: string): Promise<Counts | undefined> {
    try {
      return await new Promise((resolve) => {
        this.#asked.set(question, resolve);
        setTimeout(() => resolve(undefined), COUNTED_MS).unref();
        this.#send({ continuo: 'count', question });
      });
    } finally {
      this.#asked.delete(question);
    }
  }

  tellCounts(question: string, all: readonly (readonly [string, Counts])[]): void {
    this.#send({ continuo: 'counts', question, all });
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  async #sendBase(base: Base | Promise<Base>): Promise<void> {
    this.#send({ continuo: 'base', base: await base });
  }

  #send(message: ToWorker): void {
    // It may be ending this moment: then there is nobody to be told.
    if (this.#worker.isConnected()) this.#worker.send(message, () => undefined);
  }
}

/** Tells `asking` what `workers` have counted: by their places, which stay the same whichever process is there. */
export async function tellCounts(
  asking: WorkerProcess,
  question: string,
  workers: readonly (WorkerProcess | undefined)[],
): Promise<void> {
  const all = await Promise.all(
    workers.map(async (worker, index) => {
      const counts = await worker?.counts(question);
      return counts === undefined ? [] : [[String(index + 1), counts] as const];
    }),
  );
  asking.tellCounts(question, all.flat());
}

function tellItsOwn(asking: WorkerProcess, question: string): void {
  void tellCounts(asking, question, [asking]);
}
