/** A message for a task as it was: by the number of its last event, as A2A 1.1 has it (experimental), or by its question. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { StreamResponse } from '@continuo/agent/internal/tasks/task.js';

export function withGeneration<Event extends StreamResponse>(event: Event, generation: number): Event {
  const entries = Object.entries(event).map(([kind, said]) => [kind, { ...(said as object), generation }]);
  return Object.fromEntries(entries) as Event;
}

/** A message was meant for the task as it was with its event `expected`; it has `current` by now. */
export function otherGeneration(taskId: string, expected: number, current: number): ContinuoError {
  return new ContinuoError(
    'TASK_GENERATION_MISMATCH',
    `Task generation mismatch: expected ${expected} but the current generation is ${current}.`,
    { metadata: { taskId, expectedGeneration: String(expected), currentGeneration: String(current) } },
  );
}

/** An answer was meant for `question`, which the task doesn't ask, or asks no more. */
export function otherQuestion(taskId: string, question: string): ContinuoError {
  return new ContinuoError('TASK_GENERATION_MISMATCH', `Task ${taskId} does not wait for an answer to this question.`, {
    metadata: { taskId, question },
  });
}
