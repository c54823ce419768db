/** What serving a turn over HTTP needs, whatever the protocol: where its task is, its stream, and its end. */
import type { Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Caller } from '../platform/caller.js';
import { addressOf } from '../platform/host-header.js';
import { beginStream, closedSignal, type SseFrame } from '../platform/sse.js';
import type { ProtocolParts } from './protocol.js';

/** The address of a task, below which its artifacts are. */
export function taskUrl(
  request: Parameters<typeof addressOf>[0],
  { publicUrl }: Pick<ProtocolParts['config'], 'publicUrl'>,
  taskId: string,
): string {
  return `${publicUrl ?? addressOf(request)}/tasks/${taskId}`;
}

/** Begins to send frames that are made with a signal which is aborted when the client goes; nothing is to be done behind it. */
export function sendFrames(
  response: Response,
  { sseHeartbeatMs: heartbeatMs }: Pick<ProtocolParts['config'], 'sseHeartbeatMs'>,
  frames: (signal: AbortSignal) => AsyncIterable<SseFrame>,
): void {
  const signal = closedSignal(response);
  beginStream(response, frames(signal), { heartbeatMs, signal });
}

/** Ends the task, unless it has ended before. */
export async function endTask({ calls }: Pick<ProtocolParts, 'calls'>, caller: Caller, taskId: string): Promise<void> {
  try {
    await calls.cancel(caller, taskId, { by: caller.owner });
  } catch (error) {
    if (!(error instanceof ContinuoError) || error.code !== 'TASK_NOT_CANCELABLE') throw error;
  }
}
