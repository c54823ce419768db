/** Whose code is running: what an agent leaves behind and what breaks later ends its task, not the process. */
import { AsyncSlot } from '../platform/async-slot.js';
import type { TakeUp } from '../runs/taken-up.js';
import type { Spending } from './spending.js';
import type { TellTools } from './tools/tell-tools.js';

export interface RunScope {
  readonly taskId: string;
  readonly agent: string;
  /** Where calls of language models are noted; not there where nothing is recorded. */
  readonly spending?: Spending | undefined;
  /** Where it is told which tools its model uses; not there where nobody is told. */
  readonly tools?: TellTools | undefined;
  /** Not there where nothing is recorded. */
  readonly takeUp?: TakeUp | undefined;
  /** Counts bytes of a message that is stored beside the log. Throws TerminalError for one that is too much. */
  readonly saysBeside?: ((bytes: number) => void) | undefined;
  /** Has `then` called when the run is over, also by asking a question. */
  readonly whenOver?: ((then: () => void) => void) | undefined;
  /** Fails the task, if its run goes on still; false when that is over. */
  fail(error: unknown): boolean;
}

const scopes = new AsyncSlot<RunScope>('run');

/** Does `work` in the name of a run: so is all that comes of it, timers and promises included. */
export function inRun<Result>(run: RunScope, work: () => Result): Result {
  return scopes.run(run, work);
}

/** The run that the code at hand belongs to, which may be over by now. */
export function currentRun(): RunScope | undefined {
  return scopes.get();
}

/**
 * Has what agents throw in `queueMicrotask` handed to `threw`, in the name of their run, until what it returns is called: when
 * Node tells of it as an uncaught exception, nobody can say any more whose it was.
 */
export function catchInMicrotasks(threw: (error: unknown) => void): () => void {
  const queue = globalThis.queueMicrotask;
  const caught = (work: () => void) => (): void => {
    try {
      work();
    } catch (error) {
      threw(error);
    }
  };
  globalThis.queueMicrotask = (work) => {
    queue(currentRun() === undefined || typeof work !== 'function' ? work : caught(work));
  };
  return () => {
    globalThis.queueMicrotask = queue;
  };
}

/**
 * For `unhandledRejection` and `uncaughtException` handlers of applications that have ContinuoModule in their process:
 * when `error` comes from an agent, its task fails with it. False when it doesn't; then it is the application's own.
 *
 * @example
 * process.on('unhandledRejection', (error) => {
 *   if (!failTaskOf(error)) throw error;
 * });
 */
export function failTaskOf(error: unknown): boolean {
  const run = currentRun();
  run?.fail(error);
  return run !== undefined;
}
