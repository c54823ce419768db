/** The ids of responses: each is a turn of a task, named by the task and the event with which the turn began. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

export interface ResponseTurn {
  readonly taskId: string;
  /** The number of the event with which the task got the message. */
  readonly seq: number;
}

const ID = /^resp_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})(?:_([1-9]\d{0,14}))?$/;

export function responseId({ taskId, seq }: ResponseTurn): string {
  return `resp_${taskId.replaceAll('-', '')}${seq === 1 ? '' : `_${seq}`}`;
}

/** Throws TASK_NOT_FOUND, naming `field`, for what is no such id. */
export function turnOfResponse(id: string, field: string): ResponseTurn {
  const [, ...groups] = ID.exec(id) ?? [];
  if (groups.length === 0) throw responseNotFound(id, field);
  return { taskId: groups.slice(0, 5).join('-'), seq: Number(groups[5] ?? 1) };
}

/** The same for what doesn't exist and for what isn't the caller's. */
export function responseNotFound(id: string, field: string): ContinuoError {
  return new ContinuoError('TASK_NOT_FOUND', `Response ${id} was not found.`, { field });
}
