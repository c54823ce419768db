/** Carries out the work of a step: again when it fails, as its options say, until it has a result or has failed for good. */
import { StepFailedError, type StepOptions } from './run.js';
import type { Clock } from '../platform/clock.js';
import { crashPoint } from '../platform/crash-points.js';
import { messageOf, TerminalError, thrown } from '../platform/errors.js';
import { storable } from '../platform/storable.js';
import type { Kept } from './delivery.js';
import { fromRecorded, toRecorded } from './recorded-value.js';

export type { StepOptions } from './run.js';

const DEFAULT_ATTEMPTS = 3;
const DEFAULT_DELAY_MS = 500;

/** How a step failed for good, as the journal keeps it. */
interface RecordedFailure {
  readonly causes: readonly string[];
  /** It threw a TerminalError. */
  readonly terminal: boolean;
}

interface Parts {
  readonly name: string;
  readonly options: StepOptions;
  /** The run's. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly entitled: () => Promise<void>;
}

type Keep = (value: unknown, how: { readonly failed: boolean; readonly attempts: number }) => Promise<Kept<unknown>>;

export class StepTry {
  readonly #causes: string[] = [];

  constructor(private readonly parts: Parts) {}

  /** What the work gives back, as every later run is given it. `keep` resolves when it is recorded. */
  async until(work: () => Promise<unknown>, keep: Keep): Promise<Kept<unknown>> {
    const { name, signal, clock, entitled, options } = this.parts;
    const { maxAttempts = DEFAULT_ATTEMPTS, retryDelayMs = DEFAULT_DELAY_MS, backoff = 2 } = options;
    for (let delay = retryDelayMs; ; delay *= backoff) {
      let failure: unknown;
      try {
        await entitled();
        signal.throwIfAborted();
        const value = fromRecorded(toRecorded(`Step "${name}"`, await this.#within(work)));
        crashPoint('step-worked');
        signal.throwIfAborted();
        const kept = await keep(value, { failed: false, attempts: this.#causes.length + 1 });
        crashPoint('step-recorded');
        return kept;
      } catch (error) {
        failure = error;
      }
      // What a step throws because its run ends is not its result: a later run carries it out again.
      signal.throwIfAborted();
      const error = thrown(failure);
      this.#causes.push(storable(messageOf(error)));
      const terminal = error instanceof TerminalError;
      if (terminal || this.#causes.length >= maxAttempts) {
        const failed: RecordedFailure = { causes: this.#causes, terminal };
        const { turn } = await keep(failed, { failed: true, attempts: this.#causes.length });
        await turn.come();
        throw terminal ? error : toStepError(name, failed);
      }
      await clock.sleep(delay, signal);
    }
  }

  async #within(work: () => Promise<unknown>): Promise<unknown> {
    const { name, options, clock } = this.parts;
    const { timeoutMs } = options;
    if (timeoutMs === undefined) return work();
    const over = new AbortController();
    const late = clock.sleep(timeoutMs, over.signal).then(() => {
      throw new Error(`Step "${name}" did not finish within ${timeoutMs} ms.`);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([work(), late]);
    } finally {
      over.abort();
    }
  }
}

/** What a step throws that has failed for good, in this run and in every later one. */
export function toStepError(name: string, recorded: unknown): Error {
  const { causes, terminal } = recorded as RecordedFailure;
  return terminal
    ? new TerminalError(causes.at(-1) ?? 'unknown error')
    : new StepFailedError(name, causes, causes.length);
}
