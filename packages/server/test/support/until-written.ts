/** Waits for what a server writes to its log: it may arrive here later than the answer to the request that it is about. */
import type { ServerProcess } from './server-process.js';
import { until } from './until.js';

/** `times`: how often the text is there at least. Default 1. */
export function untilWritten({ output }: Pick<ServerProcess, 'output'>, text: string, times = 1): Promise<unknown> {
  return until(() => output().split(text).length > times, { what: `${JSON.stringify(text)} to be written` });
}
