/** Why something was refused, as the journal keeps it: for the code of later runs, which may go by it. */
import { ContinuoError, TerminalError, type ErrorCode } from '../platform/errors.js';
import { storable } from '../platform/storable.js';
import { keptMessage, type RecordedFailure } from './step-try.js';

/** What traces and retries read is as steps have it that have failed; the rest makes it the same error again. */
interface RecordedRefusal extends RecordedFailure {
  readonly causes: readonly [message: string];
  /** Of a ContinuoError. */
  readonly code?: ErrorCode;
  readonly field?: string | undefined;
  readonly expected?: string | undefined;
}

export function toRecordedRefusal(error: unknown): RecordedRefusal {
  const causes = [keptMessage(error)] as const;
  if (!(error instanceof ContinuoError)) return { causes, terminal: true };
  const { code, field, expected } = error;
  return storable({ causes, terminal: true, code, field, expected });
}

/** The error that `toRecordedRefusal` was given, in a later run. */
export function toRefusal(recorded: unknown): Error {
  const { causes, code, field, expected } = recorded as RecordedRefusal;
  const [message] = causes;
  if (code === undefined) return new TerminalError(message);
  return new ContinuoError(code, message, {
    ...(field === undefined ? {} : { field }),
    ...(expected === undefined ? {} : { expected }),
  });
}
