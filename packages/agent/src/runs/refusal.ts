/** Why something was refused, as the journal keeps it: for the code of later runs, which may go by it. */
import { ContinuoError, messageOf, TerminalError, type ErrorCode } from '../platform/errors.js';
import { storable } from '../platform/storable.js';
import { cutToBytes } from '../platform/text.js';

const MOST_MESSAGE_BYTES = 16 * 1024;

/** What traces and retries read is as steps have it that have failed; the rest makes it the same error again. */
interface RecordedRefusal {
  readonly causes: readonly [message: string];
  readonly terminal: true;
  /** Of a ContinuoError. */
  readonly code?: ErrorCode;
  readonly field?: string | undefined;
  readonly expected?: string | undefined;
}

export function toRecordedRefusal(error: unknown): RecordedRefusal {
  const causes = [cutToBytes(storable(messageOf(error)), MOST_MESSAGE_BYTES)] as const;
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
