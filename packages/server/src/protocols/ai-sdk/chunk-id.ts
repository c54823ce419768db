/** The ids of chunks: the turn, and the chunk's place in it. Whoever comes back with one needs nothing else. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';

export interface ChunkPlace {
  readonly taskId: string;
  /** The number of the event with which the task got the message. */
  readonly seq: number;
  /** Counted from 0. */
  readonly number: number;
}

const ID = /^([0-9a-f-]{36}):([1-9]\d{0,14}):(\d{1,15})$/;

export function chunkId({ taskId, seq }: Pick<ChunkPlace, 'taskId' | 'seq'>, number: number): string {
  return `${taskId}:${seq}:${number}`;
}

/** The place of the last chunk that a client has seen; undefined without one. Throws INVALID_ARGUMENT. */
export function placeOf(header: string | undefined): ChunkPlace | undefined {
  if (header === undefined || header === '') return undefined;
  const [, taskId, seq, number] = ID.exec(header) ?? [];
  if (taskId === undefined) throw invalidArgument('Last-Event-ID', 'the id of a chunk of this stream');
  return { taskId, seq: Number(seq), number: Number(number) };
}
