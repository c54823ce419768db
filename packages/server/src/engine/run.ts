/** What the engine offers to one run of a task, apart from how it does it. */

export interface StepOptions {
  /** Attempts in all. Default 3; 1 means that the step is not retried. */
  readonly maxAttempts?: number;
  /** Milliseconds before the second attempt. Default 500. */
  readonly retryDelayMs?: number;
  /** Factor by which the delay grows with every attempt. Default 2. */
  readonly backoff?: number;
  /** Milliseconds that one attempt may take. Default: no limit. */
  readonly timeoutMs?: number;
}

export interface Run {
  readonly id: string;
  /** Aborted when the task is cancelled, lost to another instance, or the server shuts down. */
  readonly signal: AbortSignal;
  /**
   * Runs `work` once and keeps its result: a recovered run gets the result and doesn't run it again. When the process
   * dies inside, it runs again. Throws StepFailedError when all attempts have failed.
   */
  step<Result>(name: string, work: () => Promise<Result>, options?: StepOptions): Promise<Result>;
  /** When a sleep of `ms` milliseconds is over, in milliseconds since 1970: a recovered run gets the same. */
  sleepsUntil(ms: number): Promise<number>;
  /** Whether the caller is inside a step, and inside which. */
  currentStep(): number | undefined;
}

/** `suspended`: the task waits for a person or a time; its run ends, and begins again when the answer or the time is there. */
export type RunOutcome = 'ended' | 'suspended';

/** Thrown by a handler whose run has lost its task: whoever owns it now goes on. */
export class RunAbandoned extends Error {
  override readonly name = 'RunAbandoned';

  constructor(
    message: string,
    /** Whether the task is still in this run's hands, which must let go of it so that another run can go on. */
    readonly holdsTask = false,
  ) {
    super(message);
  }
}

export type RunHandler = (run: Run) => Promise<RunOutcome>;

/** All attempts of a step have failed; `causes` are the messages of each. */
export class StepFailedError extends Error {
  override readonly name = 'StepFailedError';

  constructor(
    readonly step: string,
    readonly causes: readonly string[],
    readonly attempts: number,
  ) {
    const times = attempts === 1 ? 'once' : `${attempts} times`;
    super(`Step "${step}" failed ${times}: ${causes.at(-1) ?? 'unknown error'}`);
  }
}
