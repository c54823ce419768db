/** What the log says of requests that failed: all that an operator has to see to. */
import type { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { httpErrors } from './http-errors.js';
import type { Log } from './log.js';

/** What callers have done wrong is theirs to see. */
export function tellOfRefusal(error: ContinuoError, requestId: string | undefined, log: Log): void {
  const { http } = httpErrors[error.code];
  if (http === 500) log.error({ err: error, requestId }, 'a request failed');
  else if (http > 500) log.warn({ err: error.message, requestId }, 'a request was refused');
}

/** The id that the request log gave the request. */
export function requestIdOf(request: object): string | undefined {
  const id: unknown = 'id' in request ? request.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}
