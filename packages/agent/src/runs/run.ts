/** What the engine offers to one run of a task, and how runs end. */

export interface StepOptions {
  /** Attempts in all. Default 3; 1 means that the step is not retried. */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds before the second attempt. Default 500. */
  readonly retryDelayMs?: number | undefined;
  /** Factor by which the delay grows with every attempt. Default 2. */
  readonly backoff?: number | undefined;
  /** Milliseconds that one attempt may take. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** What the step works on, for people: its trace shows it as JSON, at most 64 KiB. Nothing else depends on it. */
  readonly input?: unknown;
  /** What the step is, for its trace: the call of a tool, or of a server elsewhere. Default: a step. */
  readonly shownAs?: ShownAs | undefined;
}

/** What a step is in its task's trace, where it is more than a step. */
export type ShownAs = 'tool' | 'remote';

export interface Run {
  readonly id: string;
  /** Aborted when the task is cancelled, lost to another instance, or the server shuts down. */
  readonly signal: AbortSignal;
  /** Undefined, unless this instance may have been taken for dead: then it resolves when that is known. */
  entitled(): Promise<void> | undefined;
  /** Aborts the signal of this run, and of no other run of the task that may have followed. */
  abort(reason: Error): void;
}

/** `suspended`: the task waits for a person or a time; its run ends, and begins again when the answer or the time is there. */
export type RunOutcome = 'ended' | 'suspended';

/** Thrown by a handler whose run has lost its task: whoever owns it now goes on. */
export class RunAbandoned extends Error {
  override readonly name: string = 'RunAbandoned';

  constructor(
    message: string,
    /** Whether the task is still in this run's hands, which must let go of it so that another run can go on. */
    readonly holdsTask = false,
  ) {
    super(message);
  }
}

/** The process was taken for dead: whoever has its tasks now tells of its runs, too. */
export class TakenOver extends RunAbandoned {
  override readonly name = 'TakenOver';

  constructor() {
    super('another instance has taken over');
  }
}

/** Whether a run itself ends by `error`; it is no step's own, and no agent's. */
export function endsTheRun(error: unknown): boolean {
  return error instanceof RunAbandoned;
}

export type RunHandler = (run: Run) => Promise<RunOutcome>;

/** All attempts of a step have failed; `causes` are the messages of each, of more than 100 the last, cut at 16 KiB. */
export class StepFailedError extends Error {
  override readonly name = 'StepFailedError';

  constructor(
    readonly step: string,
    readonly causes: readonly string[],
    readonly attempts: number,
    /** `cause`: what the last attempt threw, as far as a step keeps it. */
    options: ErrorOptions = {},
  ) {
    const times = attempts === 1 ? 'once' : `${attempts} times`;
    super(`Step "${step}" failed ${times}: ${causes.at(-1) ?? 'unknown error'}`, options);
  }
}
