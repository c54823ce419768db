/** One process that runs, or is about to run, the program: as `continuo dev` sees it. */
import cluster, { type Worker } from 'node:cluster';
import { WorkerProcess, type Ending } from '@continuo/server/commands';
import { isOurs, type FromChild } from './messages.js';

/** A program that listens by itself may not hear the signal. */
const OVERDUE_MS = 60_000;

type Base = ConstructorParameters<typeof WorkerProcess>[0]['base'];

export interface ProgramOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly onLoaded: (path: string) => void;
  /** How clients reach what listens at `port`: of programs that listen by themselves. */
  readonly urlOf: (port: number) => string;
}

export type Started = { readonly url: string } | { readonly reason: string };

export class ProgramProcess {
  /** Resolves when it has loaded what every program needs, and hears what it is told; or has ended. */
  readonly #warm: Promise<void>;
  readonly ended: Promise<Ending>;
  /** Resolves when it serves, or with the reason why it never will. */
  readonly started: Promise<Started>;
  readonly #worker: Worker;
  readonly #process: WorkerProcess;
  #allow: (base: Awaited<Base>) => void = () => undefined;
  #reason: string | undefined;
  /** It has called `startServer`, and hears what it is told; else it is a program that listens by itself. */
  #isSupervised = false;

  constructor({ env, onLoaded, urlOf }: ProgramOptions) {
    const worker = cluster.fork(env);
    const base = new Promise<Awaited<Base>>((resolve) => {
      this.#allow = resolve;
    });
    this.#worker = worker;
    this.#process = new WorkerProcess({ base, worker, onTerminated: (told) => told.stop('stop') });
    this.ended = this.#process.ended;
    const warm = new Promise<void>((resolve) => {
      worker.on('message', (message: unknown) => {
        if (typeof message === 'object' && message !== null && 'continuo' in message) this.#isSupervised = true;
        if (!isOurs<FromChild>(message)) return;
        if (message.dev === 'warm') resolve();
        else if (message.dev === 'loaded') onLoaded(message.path);
        else {
          this.#reason = message.reason;
          this.kill();
        }
      });
    });
    const listens = new Promise<Started>((resolve) => {
      worker.on('listening', ({ port }: { readonly port: number }) => {
        if (!this.#isSupervised) resolve({ url: urlOf(port) });
      });
    });
    this.#warm = Promise.race([warm, this.ended.then(() => undefined)]);
    this.started = Promise.race([this.#process.started.then((how) => this.#startedAs(how)), listens]);
  }

  get isAlive(): boolean {
    return this.#process.isAlive;
  }

  /** It loads the program; one that calls `startServer` then waits for `serve`. */
  async go(): Promise<void> {
    await this.#warm;
    if (this.#worker.isConnected()) this.#worker.send({ dev: 'go' }, () => undefined);
  }

  serve(base: Awaited<Base>): void {
    this.#allow(base);
  }

  /** It serves no more, as another one does, and hands over its tasks. Resolves when it is gone. */
  leave(): Promise<void> {
    return this.#end('leave');
  }

  /** As Ctrl-C does. */
  stop(): Promise<void> {
    return this.#end('stop');
  }

  kill(): void {
    this.#process.kill();
  }

  async #end(how: 'leave' | 'stop'): Promise<void> {
    if (this.#isSupervised) this.#process.stop(how);
    else this.#worker.process.kill('SIGTERM');
    const overdue = setTimeout(() => this.kill(), OVERDUE_MS);
    await this.ended;
    clearTimeout(overdue);
  }

  #startedAs(how: string | Ending): Started {
    if (typeof how === 'string') return { url: how };
    const { code, signal } = how;
    const reason = this.#reason ?? how.reason;
    if (reason !== undefined) return { reason };
    return {
      reason:
        code === 0
          ? 'The program has come to its end without a server. Does it call `startServer`, and wait for it with `await`?'
          : `The program has ended with ${signal ?? `exit code ${code}`}.`,
    };
  }
}
