/** How large the state of a session may be. */
import { TerminalError } from '../platform/errors.js';

/** What people and agents put into the state of a session may make it so many bytes of JSON, as PostgreSQL writes it. */
export const MOST_STATE_BYTES = 1_000_000;

/** Whether the value is none that is too large by itself. */
export function mayFit(json: string | null): boolean {
  return json === null || Buffer.byteLength(json) <= MOST_STATE_BYTES;
}

export function tooLarge(name: string): TerminalError {
  return new TerminalError(
    `The state of a session may take ${MOST_STATE_BYTES} bytes of JSON; with this value of ${name} it would be more.`,
  );
}
