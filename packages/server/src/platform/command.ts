/** A command: what is wrong with its command line is said with its usage, and its exit code is for CI. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { endOnSignals } from './end-on-signals.js';

/** What is wrong with the command line; the message says it. */
export class UsageError extends Error {}

/** The words behind the command. Throws UsageError. */
export function parsed<const Given extends ParseArgsConfig>(config: Given): ReturnType<typeof parseArgs<Given>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** Resolves when it is written, as the process ends behind it. */
export function print(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(`${text}\n`, () => resolve()));
}

/**
 * Ends the process with the exit code that `run` answers with; with 2 when it throws, which is told behind `failure`. Ctrl-C
 * and the like end it at once, and what was started with it.
 */
export async function runCommand(usage: string, failure: string, run: () => Promise<number>): Promise<never> {
  endOnSignals();
  let code: number;
  try {
    code = await run();
  } catch (error) {
    const more = error instanceof UsageError ? `\n\n${usage}` : '';
    await print(process.stderr, `${failure} ${messageOf(error)}${more}`);
    code = 2;
  }
  // oxlint-disable-next-line unicorn/no-process-exit -- what agents have opened may keep a process alive that is done
  process.exit(code);
}
