/** The ids of interrupts: each is a question of a task, named by the task and the event that asked. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';

export interface Question {
  readonly taskId: string;
  /** The number of the event that asked. */
  readonly seq: number;
}

const ID = /^([0-9a-f-]{36}):([1-9]\d{0,14})$/;

export function interruptId({ taskId, seq }: Question): string {
  return `${taskId}:${seq}`;
}

/** Throws INVALID_ARGUMENT, naming `field`, for what is no such id. */
export function questionOf(id: string, field: string): Question {
  const [, taskId, seq] = ID.exec(id) ?? [];
  if (taskId === undefined) throw invalidArgument(field, 'the id of an interrupt');
  return { taskId, seq: Number(seq) };
}
