/** Which artifact of a task is what its agent returned, where the agent had not published that itself. */
import { derivedId } from '../platform/ids.js';

/** Its name; agents that publish their answer themselves may call it so, too. */
export const ANSWER = 'answer';

export function answerArtifactId(taskId: string): string {
  return derivedId(`${taskId}:returned`);
}

/** The artifact into which a model streams its answer. */
export function streamedAnswerId(taskId: string): string {
  return derivedId(`${taskId}:answer`);
}
