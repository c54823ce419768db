/** The place in the stream that answers a call, as the id of an event: all that any instance needs to go on with it. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { jsonIn } from '@continuo/agent/internal/platform/json-object.js';
import { requestIdSchema } from './messages.js';

const placeSchema = z
  .tuple([z.uuid(), requestIdSchema, requestIdSchema.nullable(), z.boolean(), z.int().min(0), z.number()])
  .readonly();

export interface Place {
  readonly taskId: string;
  /** Of the request that the stream answers. */
  readonly requestId: string | number;
  /** With which the client wants to hear of progress. */
  readonly progressToken: string | number | null;
  /** The request asked for the result of a task of MCP's: what answers it names that task. */
  readonly ofTask: boolean;
  /** The event of the log up to which the client knows the task. */
  readonly seq: number;
  /** How far it was told to be. */
  readonly progress: number;
}

export function eventIdOf({ taskId, requestId, progressToken, ofTask, seq, progress }: Place): string {
  const place = [taskId, requestId, progressToken, ofTask, seq, progress];
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Throws INVALID_ARGUMENT for what is no id of ours. */
export function placeOf(eventId: string): Place {
  const { data } = placeSchema.safeParse(jsonIn(Buffer.from(eventId, 'base64url').toString('utf8')));
  if (data === undefined) throw invalidArgument('Last-Event-ID', 'the id of an event of this server');
  const [taskId, requestId, progressToken, ofTask, seq, progress] = data;
  return { taskId, requestId, progressToken, ofTask, seq, progress };
}
