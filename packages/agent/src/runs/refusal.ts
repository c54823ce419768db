/** How steps fail and calls are refused for good, as the journal keeps it: code that goes by it is given the same in every run. */
import { ContinuoError, TerminalError, type ErrorCode } from '../platform/errors.js';
import {
  fromRecordedError,
  keptMessage,
  toRecordedError,
  type ErrorKind,
  type RecordedError,
} from './recorded-error.js';
import { StepFailedError } from './run.js';

/** How a step failed for good, as the journal keeps it. */
export interface RecordedFailure {
  /** The messages of its attempts; traces and retries read them. */
  readonly causes: readonly string[];
  /** It threw a TerminalError. */
  readonly terminal: boolean;
  /** Default: as many as `causes`. */
  readonly attempts?: number;
  /** What was thrown last. Journals of older versions have no more of it than its message. */
  readonly error?: RecordedError;
}

/** Why there is nothing to wait for. */
interface RecordedRefusal extends RecordedFailure {
  readonly causes: readonly [message: string];
  /** Of a ContinuoError, as older versions keep and read it. */
  readonly code?: ErrorCode;
  readonly field?: string | undefined;
  readonly expected?: string | undefined;
}

/** What a step throws that has failed for good. `live`: what it threw, in the run in which it did. */
export function toStepError(name: string, recorded: unknown, kinds: readonly ErrorKind[], live?: unknown): Error {
  const { causes, terminal, attempts = causes.length, error } = recorded as RecordedFailure;
  const last = error === undefined ? undefined : fromRecordedError(error, kinds, live);
  if (terminal) return last ?? new TerminalError(causes.at(-1) ?? 'unknown error');
  return new StepFailedError(name, causes, attempts, last === undefined ? {} : { cause: last });
}

export function toRecordedRefusal(error: unknown, kinds: readonly ErrorKind[]): RecordedRefusal {
  const recorded = { causes: [keptMessage(error)] as const, terminal: true, error: toRecordedError(error, kinds) };
  if (!(error instanceof ContinuoError)) return recorded;
  const { code, field, expected } = error;
  return { ...recorded, code, field, expected };
}

/** What a wait throws that was refused. */
export function toRefusal(recorded: unknown, kinds: readonly ErrorKind[], live?: unknown): Error {
  const { causes, error, code, field, expected } = recorded as RecordedRefusal;
  if (error !== undefined) return fromRecordedError(error, kinds, live);
  const [message] = causes;
  if (code === undefined) return new TerminalError(message);
  return new ContinuoError(code, message, {
    ...(field === undefined ? {} : { field }),
    ...(expected === undefined ? {} : { expected }),
  });
}
