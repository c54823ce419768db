/** What a task has answered, wherever it says so: in its artifacts, or, of one that ended under an earlier version, with its last state. */
import { TerminalError } from '../platform/errors.js';
import type { Part } from '../sessions/message.js';
import { ANSWER, answerArtifactId } from '../tasks/answer-artifact.js';
import { CONTENT_EXTENSION, type Artifact, type Task } from '../tasks/task.js';

interface TaskAnswer {
  readonly parts: readonly Part[];
  /** Those that the agent has published itself. */
  readonly artifacts: readonly Artifact[];
}

/**
 * The text that it said with its last state; else that which its agent returned; else that of its artifacts, those that are
 * called an answer before the others. Behind it data and files of all artifacts. Throws TerminalError for what was returned
 * and is too large to be there.
 */
export function answerOfTask(id: string, task: Task | undefined): TaskAnswer {
  const all = task?.artifacts ?? [];
  const returned = all.find(({ artifactId }) => artifactId === answerArtifactId(id));
  const artifacts = all.filter((artifact) => artifact !== returned);
  if (returned !== undefined && isElsewhere(returned)) {
    throw new TerminalError(
      `What task ${id} answered is more than an answer carries (CONTINUO_ANSWER_BYTES): have its agent publish an artifact.`,
    );
  }
  const said = task?.status.message?.parts ?? returned?.parts;
  const isDone = task?.status.state === 'TASK_STATE_COMPLETED';
  const others = artifacts.flatMap(({ parts }) => parts).filter(({ text }) => text === undefined);
  return { parts: [...(said ?? (isDone ? textsIn(artifacts) : [])), ...others], artifacts };
}

function textsIn(artifacts: readonly Artifact[]): readonly Part[] {
  const answers = artifacts.filter(({ name }) => name === ANSWER);
  const texts = (answers.length > 0 ? answers : artifacts).flatMap(({ parts }) => parts);
  return texts.filter(({ text }) => text !== undefined);
}

/** Whether it is too large to be here. */
export function isElsewhere({ parts, metadata }: Artifact): boolean {
  return parts.length === 0 && metadata?.[CONTENT_EXTENSION] !== undefined;
}
