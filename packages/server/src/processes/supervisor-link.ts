/** The supervisor as a worker sees it: says what to serve on and when to stop, and is told how the start went. */
import cluster, { type Worker } from 'node:cluster';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Config } from '../platform/config.js';
import type { AskProcesses } from '../platform/metrics/metrics-page.js';
import type { Counts } from '../platform/metrics/metrics.js';
import { isOurs, type Base, type FromWorker, type HowToStop, type ToWorker } from './messages.js';
import { isSupervised } from './process-count.js';

/** A little longer than the supervisor waits for the others. */
const ANSWERED_MS = 5_000;

export class SupervisorLink {
  readonly #base: Promise<Base>;
  #told: HowToStop[] = [];
  #listener: ((how: HowToStop) => void) | undefined;
  #count: (() => Promise<Counts>) | undefined;
  readonly #asked = new Map<string, (all: ReadonlyMap<string, Counts>) => void>();

  constructor(private readonly worker: Worker) {
    this.#base = new Promise((resolve) => {
      worker.on('message', (message: unknown) => {
        if (!isOurs<ToWorker>(message)) return;
        if (message.continuo === 'base') resolve(message.base);
        else if (message.continuo === 'count') void this.#answerCount(message.question);
        else if (message.continuo === 'counts') this.#asked.get(message.question)?.(new Map(message.all));
        else this.#tell(message.how);
      });
    });
    worker.on('disconnect', () => {
      // The supervisor has gone. Node would end this process at once, in the middle of what it does.
      worker.exitedAfterDisconnect = true;
      this.#tell('stop');
    });
    // Ctrl-C and a terminal that goes reach all processes of the group: the supervisor says what follows.
    for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
    process.on('SIGTERM', () => {
      if (worker.isConnected()) this.#send({ continuo: 'terminated' });
      else this.#tell('stop');
    });
    this.#send({ continuo: 'begins' });
  }

  base(): Promise<Base> {
    return this.#base;
  }

  ready(url: string): void {
    this.#send({ continuo: 'ready', url });
  }

  /** Says why this process does not start, and ends it. */
  async failed(error: unknown): Promise<never> {
    await this.#sent({ continuo: 'failed', reason: messageOf(error) });
    return process.exit(1);
  }

  /** Calls `listener` whenever the supervisor says how to stop, also when it has said so before. */
  onStop(listener: (how: HowToStop) => void): void {
    this.#listener = listener;
    for (const how of this.#told.splice(0)) listener(how);
  }

  /** A way to ask all workers what they have counted, this one too, which `count` says. */
  askAll(count: () => Promise<Counts>): AskProcesses {
    this.#count = count;
    return async () => {
      const question = newId();
      try {
        return await new Promise((resolve, reject) => {
          this.#asked.set(question, resolve);
          const late = (): void => reject(new Error('The supervisor does not answer.'));
          setTimeout(late, ANSWERED_MS).unref();
          this.#send({ continuo: 'counts-wanted', question });
        });
      } finally {
        this.#asked.delete(question);
      }
    };
  }

  async #answerCount(question: string): Promise<void> {
    const counts = await this.#count?.().catch(() => undefined);
    if (counts !== undefined) this.#send({ continuo: 'counted', question, counts });
  }

  #tell(how: HowToStop): void {
    if (this.#listener === undefined) this.#told.push(how);
    else this.#listener(how);
  }

  #send(message: FromWorker): void {
    void this.#sent(message);
  }

  #sent(message: FromWorker): Promise<void> {
    return new Promise((resolve) => {
      if (!this.worker.isConnected()) resolve();
      else this.worker.send(message, () => resolve());
    });
  }
}

let link: SupervisorLink | undefined;

/** Undefined where nobody supervises this process. */
export function supervisorLink(config: Pick<Config, 'processes'>): SupervisorLink | undefined {
  if (cluster.worker === undefined || !isSupervised(config)) return undefined;
  return (link ??= new SupervisorLink(cluster.worker));
}
