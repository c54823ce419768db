/** Behind which message what became of a task is shown. */
import type { SessionMessage, Task } from '@continuo/client';
import { contentOf, progressOf, textOf } from '@continuo/client/facts';

export interface OutcomeAt {
  readonly task: Task;
  /** What the task and all that it called have said, by its text and by all that it holds. */
  readonly said: readonly string[];
}

/**
 * By the `seq` of the message: the last one of the task's whole tree, so that a question of a task far below stands where
 * it was asked. Only roots are there: a parent shows what its children made and ask.
 */
export function outcomesOf(
  messages: readonly SessionMessage[],
  tasks: readonly Task[],
): ReadonlyMap<number, OutcomeAt> {
  const roots = new Map(tasks.map((task) => [task.id, progressOf(task).rootTaskId ?? task.id]));
  const trees = new Map<string, { seq: number; said: string[] }>();
  for (const { seq, taskId, message } of messages) {
    const root = taskId === undefined ? undefined : roots.get(taskId);
    if (root === undefined) continue;
    const tree = trees.get(root) ?? { seq, said: [] };
    tree.seq = seq;
    tree.said.push(textOf(message.parts).trim(), contentOf(message.parts));
    trees.set(root, tree);
  }
  return new Map(
    tasks.flatMap((task) => {
      const tree = progressOf(task).parentTaskId === undefined ? trees.get(task.id) : undefined;
      return tree === undefined ? [] : [[tree.seq, { task, said: tree.said }] as const];
    }),
  );
}
