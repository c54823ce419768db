/** One ContinuoModule at a time runs agents in a process: traces and the secrets that logs hide are the process's. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

let holder: object | undefined;

/** Throws CONFIG_INVALID while another has it. */
export function takeProcess(module: object): void {
  if (holder !== undefined && holder !== module) {
    throw new ContinuoError(
      'CONFIG_INVALID',
      'Another ContinuoModule runs in this process, and there can be one: name all agents in one forRoot, close the other application before, or use a process each.',
    );
  }
  holder = module;
}

export function leaveProcess(module: object): void {
  if (holder === module) holder = undefined;
}
