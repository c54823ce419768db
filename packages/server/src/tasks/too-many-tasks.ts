/** What a caller is told who has as many tasks as there may be. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

const RETRY_SECONDS = 5;

export function tooManyTasks(most: number): ContinuoError {
  return new ContinuoError('QUOTA_EXCEEDED', `${most} tasks have not ended; wait for one, or cancel one.`, {
    retryAfterSeconds: RETRY_SECONDS,
  });
}
