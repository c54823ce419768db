/** The life of one process in a test: what it does before it dies counts, what it would do afterwards never happens. */
import type { RunActivity } from '../agents/run-activity.js';
import type { Clock } from '../platform/clock.js';

export class Life {
  #isOver = false;
  #working = 0;
  #activity: RunActivity | undefined;
  #die: () => void = () => undefined;
  readonly died = new Promise<'died'>((resolve) => {
    this.#die = () => resolve('died');
  });

  /** As if the power had gone: nobody is told. */
  end(): Promise<never> {
    this.#isOver = true;
    this.#die();
    return new Promise(() => undefined);
  }

  runs(activity: RunActivity): void {
    this.#activity = activity;
  }

  /** Whether nothing of it works, and something of it waits. */
  get isWaiting(): boolean {
    return this.#working === 0 && this.#activity?.isBusy === true;
  }

  /** Whether none of its steps works. */
  get isIdle(): boolean {
    return this.#working === 0;
  }

  async works<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
    }
  }

  /** What comes of `work`; never, when it dies before. */
  async alive<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isOver) await new Promise(() => undefined);
    try {
      return await work();
    } finally {
      if (this.#isOver) await new Promise(() => undefined);
    }
  }

  clock(clock: Clock): Clock {
    return { now: () => clock.now(), sleep: (ms, signal) => this.alive(() => clock.sleep(ms, signal)) };
  }

  /** The port as it reaches no further than this life. */
  port<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: readonly unknown[]): unknown => {
          if (this.#isOver) return new Promise(() => undefined);
          const result: unknown = Reflect.apply(member, target, given);
          return result instanceof Promise ? this.alive(() => result) : result;
        };
      },
    });
  }
}
