/** What the next message is for: a question that a task of the session has asked, or a new task. */
import { useState } from 'react';
import type { Task } from '@continuo/client';
import { asksItsProgram, isWaiting, progressOf, questionOf, stateOf } from '@continuo/client/facts';
import { compare } from '../../formats.js';

export interface Reply {
  /** The tasks that wait for an answer of people, the one that asked first before the others. */
  readonly waiting: readonly Task[];
  /** Undefined while several wait and nobody has chosen. */
  readonly to: Task | 'new' | undefined;
  readonly choose: (to: Task | 'new') => void;
}

/** The only question is answered unless somebody says that the message is for a new task; of several one is chosen. */
export function useReply(tasks: readonly Task[]): Reply {
  const [chosen, setChosen] = useState<{ readonly key: string; readonly asked: string }>();
  const waiting = tasks
    .filter((task) => isWaiting(stateOf(task)) && !asksItsProgram(task) && progressOf(task).parentTaskId === undefined)
    .toSorted((a, b) => compare(a.status.timestamp, b.status.timestamp));
  const asked = waiting.map(keyOf).join(' ');
  const choose = (to: Task | 'new'): void => setChosen({ key: to === 'new' ? to : keyOf(to), asked });
  return { waiting, to: toOf(), choose };

  function toOf(): Reply['to'] {
    if (waiting.length === 0) return 'new';
    // A question that is new since then may be what the next message is for.
    if (chosen?.key === 'new' && chosen.asked === asked) return 'new';
    const task = waiting.find((one) => keyOf(one) === chosen?.key);
    return task ?? (waiting.length === 1 ? waiting[0] : undefined);
  }
}

/** Of the question: a task asks one after the other. */
function keyOf(task: Task): string {
  return questionOf(task)?.message?.messageId ?? task.id;
}
