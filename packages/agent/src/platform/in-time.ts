/** Work that may take for ever, as the check of a value by patterns does: it is broken off. */
import { createContext, Script } from 'node:vm';
import { isObject } from './json-object.js';
import { loadedLater } from './loaded-later.js';

const running = loadedLater(() => ({ context: createContext({ work: undefined }), script: new Script('work()') }));

/** Thrown in place of a result. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/**
 * What `work` gives; it runs at once, and nothing else meanwhile. Throws TookTooLong after `ms` milliseconds, wherever the
 * work is then, and what the work throws. Not for work that others rely on having been finished.
 */
export function inTime<Result>(ms: number, work: () => Result): Result {
  const { context, script } = running();
  const done: { result?: Result } = {};
  context['work'] = () => {
    done.result = work();
  };
  try {
    script.runInContext(context, { timeout: ms });
    return done.result as Result;
  } catch (error) {
    if (isObject(error) && error['code'] === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new TookTooLong(`It took more than ${ms} ms.`);
    }
    throw error;
  } finally {
    context['work'] = undefined;
  }
}
