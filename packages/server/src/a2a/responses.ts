/** How the answers of both bindings leave: streams with ids, and errors that break a stream under way off. */
import { restStatusFor, type A2AError } from '@a2a-js/sdk/errors';
import type { Response } from 'express';
import { closedSignal, streamEvents, type SseFrame } from '../platform/sse.js';
import { toContinuoError } from '../platform/to-continuo-error.js';
import type { StreamResponse } from '../tasks/task.js';
import { toA2AError } from './a2a-errors.js';
import type { Frame } from './task-streams.js';

/** Sends a stream, each event as `wrap` puts it. */
export type SendFrames = (
  response: Response,
  frames: AsyncIterable<Frame>,
  wrap: (data: StreamResponse) => unknown,
) => Promise<void>;

export function sendFramesEvery(heartbeatMs: number): SendFrames {
  return async (response, frames, wrap) => {
    await streamEvents(response, wrapped(frames, wrap), { heartbeatMs, signal: closedSignal(response) });
  };
}

async function* wrapped(
  frames: AsyncIterable<Frame>,
  wrap: (data: StreamResponse) => unknown,
): AsyncIterable<SseFrame> {
  for await (const { id, data } of frames) yield { id, data: wrap(data) };
}

/** Answers with the error; a stream under way breaks off, and its client resumes where it was. */
export function refuse(
  response: Response,
  error: unknown,
  toBody: (known: A2AError, status: number) => unknown,
  toStatus: (status: number) => number = (status) => status,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = toA2AError(error);
  const { retryAfterSeconds } = toContinuoError(error);
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', retryAfterSeconds);
  const status = restStatusFor(known);
  response.status(toStatus(status)).json(toBody(known, status));
}
