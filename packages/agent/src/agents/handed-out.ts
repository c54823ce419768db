/** Promises that agents are given: when one fails and nobody has looked at it, its task fails, and not the process. */

/** Knows whether anybody waits for it; `await` asks a class derived from Promise as everybody else does, by `then`. */
class HandedOut<Result> extends Promise<Result> {
  looked = false;

  /** What is made of it are plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a promise is a thenable
  override then<Then = Result, Otherwise = never>(
    fulfilled?: ((value: Result) => Then | PromiseLike<Then>) | null,
    rejected?: ((reason: unknown) => Otherwise | PromiseLike<Otherwise>) | null,
  ): Promise<Then | Otherwise> {
    this.looked = true;
    return super.then(fulfilled, rejected);
  }
}

/**
 * The promise of `work` for an agent. `leftBehind` gets the error that nobody waits for; `over` is called right before the
 * agent is told how it ended.
 */
export function handOut<Result>(
  work: () => Promise<Result>,
  leftBehind: (error: unknown) => void,
  over: () => void = () => undefined,
): Promise<Result> {
  const given: HandedOut<Result> = new HandedOut((resolve, reject) => {
    begun(work).then(
      (value) => {
        over();
        resolve(value);
      },
      (error: Error) => {
        over();
        reject(error);
        void Promise.prototype.then.call(given, undefined, () => undefined);
        // Later than whoever is about to look at it, in a `then` of what it waited for.
        setImmediate(() => {
          if (!given.looked) leftBehind(error);
        });
      },
    );
  });
  return given;
}

function begun<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return work();
  } catch (error) {
    return fail(error);
  }
}

async function fail(error: unknown): Promise<never> {
  throw error;
}
