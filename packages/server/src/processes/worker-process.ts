/** A worker as its supervisor sees it: a process that becomes ready, is told to stop, and ends. */
import cluster, { type Worker } from 'node:cluster';
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
  /** A process that runs already. Default: this program is run again. */
  readonly worker?: Worker;
}

export class WorkerProcess {
  readonly pid: number;
  /** The url that it serves on, or how it ended instead of getting there. */
  readonly started: Promise<string | Ending>;
  readonly ended: Promise<Ending>;
  readonly #worker: Worker;
  #isAlive = true;
  /** Whether it hears what it is told. */
  #hasBegun = false;
  #isUnwanted = false;
  #reason: string | undefined;

  constructor({ base, onTerminated, worker = cluster.fork() }: WorkerOptions) {
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
        else if (message.continuo === 'ready') resolve(message.url);
      });
    });
    this.started = Promise.race([ready, this.ended]);
  }

  get isAlive(): boolean {
    return this.#isAlive;
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
