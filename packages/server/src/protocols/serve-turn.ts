/** What serving a turn over HTTP needs, whatever the protocol: where its task is, its stream, and its end. */
import type { Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Caller } from '../platform/caller.js';
import { addressOf } from '../platform/host-header.js';
import { closedSignal, streamEvents, type SseFrame } from '../platform/sse.js';
import type { ProtocolParts } from './protocol.js';

/** The address of a task, below which its artifacts are. */
export function taskUrl(
  request: Parameters<typeof addressOf>[0],
  { publicUrl }: Pick<ProtocolParts['config'], 'publicUrl'>,
  taskId: string,
): string {
  return `${publicUrl ?? addressOf(request)}/tasks/${taskId}`;
}

/** Sends frames that are made with a signal which is aborted when the client goes. */
export async function sendFrames(
  response: Response,
  { sseHeartbeatMs: heartbeatMs }: Pick<ProtocolParts['config'], 'sseHeartbeatMs'>,
  frames: (signal: AbortSignal) => AsyncIterable<SseFrame>,
): Promise<void> {
  // The request is kept as long as its answer is under way: not what it said, too.
  response.req.body = undefined;
  const signal = closedSignal(response);
  await streamEvents(response, frames(signal), { heartbeatMs, signal });
}

/** Ends the task, unless it has ended before. */
export async function endTask({ calls }: Pick<ProtocolParts, 'calls'>, caller: Caller, taskId: string): Promise<void> {
  try {
    await calls.cancel(caller, taskId, { by: caller.owner });
  } catch (error) {
    if (!(error instanceof ContinuoError) || error.code !== 'TASK_NOT_CANCELABLE') throw error;
  }
}
