/** What `continuo dev` and the processes that it starts tell each other. */

export type ToChild = { readonly dev: 'go' };

export type FromChild =
  /** What every program needs is loaded; the program itself is not. */
  | { readonly dev: 'warm' }
  /** The program reads these files, which are watched from now on. */
  | { readonly dev: 'loaded'; readonly path: string }
  /** The program can't be loaded; the process ends. */
  | { readonly dev: 'failed'; readonly reason: string };

export function isOurs<Message extends ToChild | FromChild>(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'dev' in message;
}
