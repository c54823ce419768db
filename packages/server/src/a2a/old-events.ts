/** The streams of A2A 0.3, which the SDK writes: their events whole, at the client's pace, and nothing kept of what was asked. */
import type { StreamResponse } from '@a2a-js/sdk';
import type { ServerCallContext } from '@a2a-js/sdk/server';
import type { Request, Response } from 'express';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import type { AnswerRoom } from '../platform/answer-room.js';
import { pulseOf } from '../platform/pulse.js';
import { closedSignal, drained } from '../platform/sse.js';
import { sdkEvent } from '../tasks/sdk-objects.js';
import { callOf, HttpUser } from './call-context.js';
import type { Frame } from './frame.js';
import { eventWithin } from './large-event.js';

/** The SDK keeps the first event for as long as the stream lasts: it gets one that says nothing, and that nobody is told. */
const NOTHING = sdkEvent({ statusUpdate: { taskId: '', contextId: '', status: { state: 'TASK_STATE_WORKING' } } });

export interface OldEventsOptions {
  /** For events that are too large to be read with others. */
  readonly room: AnswerRoom;
  /** Milliseconds of silence until a comment keeps the connection open, at the most. */
  readonly sseHeartbeatMs: number;
}

/**
 * The events of the stream that `open` opens. It is taken out of there, as a generator keeps what it was called with for as
 * long as it lasts, which may be days.
 */
export async function* oldEvents(
  open: (() => Promise<AsyncIterable<Frame>>)[],
  context: ServerCallContext,
  { room, sseHeartbeatMs }: OldEventsOptions,
): AsyncGenerator<StreamResponse, void> {
  const frames = await opened(open);
  const user = callOf(context);
  if (!(user instanceof HttpUser)) throw new Error('Version 0.3 is served over HTTP alone.');
  const { request, answer } = user;
  forget(request);
  const signal = closedSignal(answer);
  const pulse = pulseOf(sseHeartbeatMs);
  const beat = pulse.enter(() => keepOpen(answer));
  let isFirst = true;
  try {
    for await (const { data, pieces } of frames) {
      if (isFirst) {
        isFirst = false;
        withoutFirst(answer);
        yield NOTHING;
      }
      if (pieces === undefined) yield sdkEvent(data);
      // The room is for what is put together and waits for its client.
      else yield await room.take(Infinity, async () => sdkEvent(await eventWithin(data, pieces, room.answerBytes)));
      if (answer.writableNeedDrain) await drained(answer, signal);
      beat.since = pulse.now;
    }
  } finally {
    pulse.leave(beat);
  }
}

async function opened(open: (() => Promise<AsyncIterable<Frame>>)[]): Promise<AsyncIterable<Frame>> {
  const [frames] = await Promise.all(open.splice(0).map((begin) => begin()));
  if (frames === undefined) throw new Error('A stream is opened once.');
  return frames;
}

/** The request is kept as long as its answer is under way: of what it said, the SDK looks at its id and its method again. */
function forget(request: Request): void {
  const body: unknown = request.body;
  request.body = isObject(body) && 'method' in body ? { ...body, params: undefined } : undefined;
}

/** The first that is written to the response is dropped. */
function withoutFirst(response: Response): void {
  const write: Response['write'] = response.write.bind(response);
  response.write = () => {
    response.write = write;
    return true;
  };
}

function keepOpen(response: Response): void {
  if (response.headersSent && !response.writableEnded && !response.writableNeedDrain) response.write(': heartbeat\n\n');
}
