/** What `startServer` is given, and who may take it instead of a server. */
import type { ContinuoOptions } from './nest/continuo-options.js';

/** What `startServer` is told. */
export interface ServerOptions extends ContinuoOptions {
  /**
   * True: the web console is served at `/console/`, and the start fails when @continuo/console is not installed. False: it
   * is not served. Default: it is served where it is installed.
   */
  readonly console?: boolean | undefined;
}

type Taker = (options: ServerOptions) => Promise<never>;

let taker: Taker | undefined;

/**
 * From now on `startServer` starts nothing in this process, but hands what it is given to `take`: so a program tells which
 * agents it would serve.
 */
export function insteadOfStarting(take: Taker): void {
  taker = take;
}

/** Undefined where servers are started. */
export function takerOfOptions(): Taker | undefined {
  return taker;
}
