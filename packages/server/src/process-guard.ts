/** The stand-alone server's process: what an agent breaks in it ends that agent's task, and the process goes on. */
import { catchInMicrotasks, currentRun, failTaskOf } from '@continuo/agent/internal/agents/run-scope.js';
import { messageOf, readable, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import type { Log } from './platform/log.js';

/**
 * Handles what nobody else has handled, and calls of `process.exit`, until what it returns is called. What comes from an
 * agent fails its task. A rejection that comes from nobody's task was an asynchronous function that ended early, as any
 * error ends one: it is logged. An exception that comes from nobody's task left synchronous code in the middle, perhaps
 * the server's own; then nothing is certain any more, and the process ends after `stop`, with `code`.
 */
export function guardProcess(log: Log, stop: () => Promise<unknown>, code: 1 | 2 = 1): () => void {
  const rejected = (error: unknown): void => {
    if (!failTaskOf(error)) log.error({ err: readable(error) }, 'a promise was rejected that nobody waits for');
  };
  const threw = (error: unknown): void => {
    if (failTaskOf(error)) return;
    log.fatal({ err: readable(error) }, 'an exception that nobody has caught; the server stops');
    void stop()
      .catch((cause: unknown) => log.fatal({ err: messageOf(cause) }, 'could not stop'))
      .finally(() => exit(code));
  };
  const exit = process.exit.bind(process);
  process.exit = (given) => {
    const run = currentRun();
    if (run === undefined) return exit(given);
    const error = new TerminalError(`The agent has called process.exit(${given ?? ''}), which would end the server.`);
    run.fail(error);
    throw error;
  };
  process.on('unhandledRejection', rejected);
  process.on('uncaughtException', threw);
  const inMicrotasks = catchInMicrotasks(threw);
  return () => {
    inMicrotasks();
    process.off('unhandledRejection', rejected);
    process.off('uncaughtException', threw);
    process.exit = exit;
  };
}
