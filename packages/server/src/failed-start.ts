/** A start that fails and that the program doesn't handle is told in one line: its message says what to do, a stack doesn't. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { ConfigError } from './platform/config.js';
import { EmbeddedPostgresError } from './platform/embedded-postgres/error.js';
import { WorkerFailedError } from './processes/supervisor.js';

/**
 * To be called with what the start is about to reject with. Only while that may reach the process unhandled does anything
 * listen; what else is uncaught then ends the process as ever.
 */
export function tellIfUnhandled(error: unknown): void {
  const saysAll = [ConfigError, ContinuoError, EmbeddedPostgresError, WorkerFailedError].some(
    (kind) => error instanceof kind,
  );
  if (!saysAll || !(error instanceof Error)) return;
  const onUncaught = (uncaught: unknown): void => {
    process.off('uncaughtException', onUncaught);
    if (uncaught !== error) throw uncaught;
    process.stderr.write(`Continuo did not start. ${error.message}\n`);
    process.exitCode = error instanceof WorkerFailedError ? error.exitCode : 1;
    // What the program has opened may keep it alive: an uncaught error ends it.
    process.exit();
  };
  process.on('uncaughtException', onUncaught);
  // A program that waits for the start with `await` gets the rejection in this turn of the event loop.
  setImmediate(() => setImmediate(() => process.off('uncaughtException', onUncaught)));
}
