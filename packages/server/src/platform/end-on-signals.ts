/** How a command ends that is broken off: at once, and with what is left to do at the end of its process. */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * From now on Ctrl-C, SIGTERM and a terminal that goes end the process by `process.exit`, with the exit code that shells
 * give to one that ends by the signal. What is returned calls it off.
 */
export function endOnSignals(): () => void {
  // oxlint-disable-next-line unicorn/no-process-exit -- that is what it is for
  const end = (signal: NodeJS.Signals): never => process.exit(128 + constants.signals[signal]);
  for (const signal of SIGNALS) process.on(signal, end);
  return () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
}
