/** Carries out the work of a step: again when it fails, as its options say, until it has a result or has failed for good. */
import { Attempt } from './attempt.js';
import { keptMessage, toRecordedError, type ErrorKind } from './recorded-error.js';
import { toStepError, type RecordedFailure } from './refusal.js';
import type { StepOptions } from './run.js';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { TerminalError, thrown } from '../platform/errors.js';
import type { Kept } from './delivery.js';
import { FailedTries } from './failed-tries.js';
import { givenText } from './names.js';
import { fromRecorded, toRecorded } from './recorded-value.js';
import type { Hide } from '../platform/shown.js';

export type { StepOptions } from './run.js';

const DEFAULT_ATTEMPTS = 3;
const DEFAULT_DELAY_MS = 500;
/** What is kept of the attempts that failed: the messages of the last ones, and the beginning of each. */
const MOST_CAUSES = 100;

interface Parts {
  readonly name: string;
  readonly options: StepOptions;
  /** The run's. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly entitled: () => Promise<void> | undefined;
  readonly hide?: Hide | undefined;
  readonly errorKinds: readonly ErrorKind[];
}

interface Tried {
  readonly failed: boolean;
  readonly attempts: number;
  /** The value as the journal keeps it, where that is known. */
  readonly recorded?: string | null;
  /** The attempts that failed; see FailedTries. */
  readonly tries?: string | undefined;
}

type Keep = <Value>(value: Value, how: Tried) => Promise<Kept<Value>>;

const NUMBERS = ['maxAttempts', 'retryDelayMs', 'backoff', 'timeoutMs'] as const;

/** Throws TerminalError for options with which a step would be tried for ever, or never. */
export function checkOptions(name: string, options: StepOptions): void {
  for (const option of NUMBERS) {
    const value: unknown = options[option];
    if (value === undefined || (typeof value === 'number' && value >= 0)) continue;
    throw new TerminalError(`Step "${name}": ${option}: expected a number of at least 0, got ${givenText(value)}`);
  }
}

export class StepTry {
  readonly #causes: string[] = [];
  #failures = 0;
  readonly #tries: FailedTries;

  constructor(private readonly parts: Parts) {
    this.#tries = new FailedTries(parts.hide);
  }

  /** What the work gives back, as every later run is given it. `keep` resolves when it is recorded. */
  async until<Result>(work: (attempt: Attempt) => Promise<Result>, keep: Keep): Promise<Kept<Result>> {
    const { name, signal, clock, entitled, options } = this.parts;
    const { maxAttempts = DEFAULT_ATTEMPTS, retryDelayMs = DEFAULT_DELAY_MS, backoff = 2 } = options;
    for (let delay = retryDelayMs; ; delay *= backoff) {
      let failure: unknown;
      const attempt = new Attempt(name, options.timeoutMs);
      try {
        await entitled();
        signal.throwIfAborted();
        const given = await (options.timeoutMs === undefined
          ? work(attempt)
          : this.#within(options.timeoutMs, attempt, work));
        attempt.end('done');
        const recorded = toRecorded(() => `Step "${name}"`, given);
        crashPoint('step-worked');
        signal.throwIfAborted();
        const attempts = this.#failures + 1;
        const kept = await keep(fromRecorded(recorded) as Result, {
          failed: false,
          attempts,
          recorded,
          ...this.#failed(),
        });
        crashPoint('step-recorded');
        return kept;
      } catch (error) {
        failure = error;
      }
      // What a step throws because its run ends is not its result: a later run carries it out again.
      signal.throwIfAborted();
      // What it left behind takes nothing from the next one, nor says anything in its place.
      attempt.end('failed');
      await attempt.settled();
      const error = thrown(failure);
      this.#failures += 1;
      this.#causes.push(keptMessage(error));
      if (this.#causes.length > MOST_CAUSES) this.#causes.shift();
      this.#tries.add(error, clock.now());
      const terminal = error instanceof TerminalError;
      if (terminal || this.#failures >= maxAttempts) {
        throw await this.#failedForGood({ error, terminal }, keep);
      }
      await clock.sleep(delay, signal);
    }
  }

  /** What to throw: what a later run throws, too. */
  async #failedForGood(
    { error, terminal }: { readonly error: unknown; readonly terminal: boolean },
    keep: Keep,
  ): Promise<Error> {
    const { name, errorKinds } = this.parts;
    const attempts = this.#failures;
    const failed: RecordedFailure = {
      causes: this.#causes,
      terminal,
      attempts,
      error: toRecordedError(error, errorKinds),
    };
    const { turn } = await keep(failed, { failed: true, attempts, ...this.#failed() });
    await turn.come();
    return toStepError(name, failed, errorKinds, error);
  }

  #failed(): Pick<Tried, 'tries'> {
    return this.#failures === 0 ? {} : { tries: this.#tries.recorded() };
  }

  async #within<Result>(
    timeoutMs: number,
    attempt: Attempt,
    work: (attempt: Attempt) => Promise<Result>,
  ): Promise<Result> {
    const { clock } = this.parts;
    const over = new AbortController();
    const late = clock.sleep(timeoutMs, over.signal).then(() => {
      attempt.end('late');
      throw attempt.reason;
    });
    late.catch(() => undefined);
    try {
      const given = await Promise.race([work(attempt), late]);
      // Work that listens may give something back when it is told to end.
      if (attempt.hasFailed) throw attempt.reason;
      return given;
    } finally {
      over.abort();
    }
  }
}

/** Does `work` in a step that is under way, as part of it. Throws when the run is over: the step goes on if it doesn't listen. */
export async function partOfStep<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  const result = await work();
  signal.throwIfAborted();
  return result;
}
