/** What a task has said last, as clients find it: with its state while it waits or has failed, in its artifacts when it is done. */
import { type Part, textOf } from '@continuo/agent/internal/sessions/message.js';
import type { Artifact, Task } from '@continuo/agent/internal/tasks/task.js';

/** The parts of its question or failure; else of the artifact that is called its answer, or of all of them. */
export function answerParts(task: unknown): readonly Part[] {
  const { status, artifacts = [] } = task as Task;
  if (status.message !== undefined) return status.message.parts;
  if (status.state !== 'TASK_STATE_COMPLETED') return [];
  const answers = artifacts.filter(({ name }: Artifact) => name === 'answer');
  return (answers.length > 0 ? answers : artifacts).flatMap(({ parts }) => parts);
}

/** Their text. */
export function saidBy(task: unknown): string {
  return textOf(answerParts(task));
}
