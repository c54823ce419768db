/** The refusal of a task that isn't there, the same in all rooms. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

/** The same for what doesn't exist and for what isn't the caller's. */
export function taskNotFound(id: string): ContinuoError {
  return new ContinuoError('TASK_NOT_FOUND', `Task ${id} was not found.`);
}
