/** A run on top of a DBOS workflow: its steps and sleeps are DBOS's own. */
import { DBOS, DBOSWorkflowConflictError, Error as DbosErrors } from '@dbos-inc/dbos-sdk';
import { crashPoint } from '../platform/crash-points.js';
import { messageOf, readable, TerminalError } from '../platform/errors.js';
import { RunAbandoned, StepFailedError, type Run, type StepOptions } from './run.js';

const DEFAULT_ATTEMPTS = 3;
const DEFAULT_DELAY_MS = 500;
const STOPPED = 'the engine was stopped';
/** DBOS's own name for it, and its result is the same. */
const SLEEP = 'DBOS.sleep';

/** DBOS keeps errors as plain data: after a restart the class is gone, the name is left. */
function isTerminalError(error: unknown): boolean {
  return error instanceof TerminalError || (error instanceof Error && error.name === 'TerminalError');
}

/** Errors by which a run itself ends (cancelled, taken over); they are not the step's own. */
export function endsTheRun(error: unknown): boolean {
  return (
    error instanceof RunAbandoned ||
    error instanceof DbosErrors.DBOSWorkflowCancelledError ||
    error instanceof DbosErrors.DBOSWorkflowConflictError
  );
}

function isOurs(error: unknown): boolean {
  try {
    return endsTheRun(error);
  } catch {
    return false;
  }
}

/** The work of a step, and the moment before its result is recorded. */
async function worked<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = await work();
  crashPoint('step-worked');
  return result;
}

/** Runs `work` inside the run's workflow, wherever it is called. */
export type Scope = <Result>(work: () => Result) => Result;

export interface RunHooks {
  /** Called once, when the run first needs its workflow. */
  readonly enter: () => Promise<Scope>;
  /** Resolves at once, unless this instance may have been taken for dead: then when it is known. */
  readonly entitled: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborts the run: it holds its task, but can't go on here. */
  readonly abandon: (reason: string) => RunAbandoned;
}

export class DbosRun implements Run {
  #scope: Promise<Scope> | undefined;

  constructor(
    readonly id: string,
    readonly signal: AbortSignal,
    private readonly hooks: RunHooks,
  ) {}

  async step<Result>(name: string, work: () => Promise<Result>, options: StepOptions = {}): Promise<Result> {
    const maxAttempts = options.maxAttempts ?? DEFAULT_ATTEMPTS;
    this.signal.throwIfAborted();
    let reached = false;
    const config = {
      name,
      retriesAllowed: true,
      maxAttempts,
      intervalSeconds: (options.retryDelayMs ?? DEFAULT_DELAY_MS) / 1000,
      backoffRate: options.backoff ?? 2,
      shouldRetry: async (error: unknown) => {
        // DBOS was stopped before it came to the work. It would keep its own failure as the step's result for good.
        if (!reached) await this.#leave();
        reached = false;
        return !isTerminalError(error) && !this.signal.aborted;
      },
      ...(options.timeoutMs === undefined ? {} : { timeoutMS: options.timeoutMs }),
    };
    const kept = async (): Promise<Result> => {
      reached = true;
      try {
        await this.hooks.entitled();
        this.signal.throwIfAborted();
        return await worked(work);
      } catch (error) {
        // DBOS reads and stores what is thrown here: nothing of it may throw again.
        if (!this.signal.aborted) throw isOurs(error) ? error : readable(error);
        // What a step throws because its run ends is not its result (DBOS records every error but this one): a later
        // run carries the step out again.
        throw new DBOSWorkflowConflictError(this.id);
      }
    };
    try {
      const result = await this.#inWorkflow(() => DBOS.runStep(kept, config));
      crashPoint('step-recorded');
      return result;
    } catch (error) {
      if (endsTheRun(error) || this.signal.aborted) throw error;
      // This instance joins again under a new id, or stops: whoever goes on runs the step.
      if (!DBOS.isInitialized()) throw this.hooks.abandon(STOPPED);
      if (error instanceof DbosErrors.DBOSUnexpectedStepError) {
        throw new TerminalError(
          `The agent's code has changed: it runs step "${name}" where this task has finished another one before.`,
        );
      }
      if (isTerminalError(error)) throw new TerminalError(messageOf(error));
      const causes =
        error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [error];
      throw new StepFailedError(name, causes.map(messageOf), causes.length);
    }
  }

  sleepsUntil(ms: number): Promise<number> {
    return this.step(SLEEP, async () => this.hooks.now() + Math.ceil(ms));
  }

  currentStep(): number | undefined {
    return DBOS.isInStep() ? DBOS.stepID : undefined;
  }

  /** Never returns: the run is over. */
  #leave(): Promise<never> {
    this.hooks.abandon(STOPPED);
    return new Promise(() => undefined);
  }

  /** Inside a step the workflow's context is there, and must stay that of the step. */
  async #inWorkflow<Result>(work: () => Promise<Result>): Promise<Result> {
    if (DBOS.isInStep()) return work();
    this.#scope ??= this.hooks.enter();
    const scope = await this.#scope;
    return scope(work);
  }
}
