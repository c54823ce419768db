/** How a message of an agent says that its task ended without an answer: by a mark in its metadata. */
import type { Message } from '../sessions/message.js';
import { TASKS_EXTENSION } from './task.js';

const marks = ['FAILED', 'REJECTED', 'CANCELED'] as const;

export type EndMark = (typeof marks)[number];

type Metadata = Message['metadata'];

/** `{ state: 'TASK_STATE_…' }` under the extension's name. */
export function endMark(state: EndMark): NonNullable<Metadata> {
  return { [TASKS_EXTENSION]: { state: `TASK_STATE_${state}` } };
}

/** Undefined for what has no mark. */
export function endedAs(metadata: Metadata): EndMark | undefined {
  const mark = metadata?.[TASKS_EXTENSION];
  if (typeof mark !== 'object' || mark === null || !('state' in mark)) return undefined;
  return marks.find((state) => mark.state === `TASK_STATE_${state}`);
}
