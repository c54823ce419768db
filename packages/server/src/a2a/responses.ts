/** How the answers of both bindings leave: streams with ids, and errors that break a stream under way off. */
import { restStatusFor, type A2AError } from '@a2a-js/sdk/errors';
import type { Response } from 'express';
import { z } from 'zod';
import { httpErrors } from '../platform/http-errors.js';
import { newId } from '../platform/ids.js';
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
  for await (const { id, data, pieces } of frames) {
    yield { id, data: wrap(data), ...(pieces === undefined ? {} : { pieces: around(pieces, wrap) }) };
  }
}

/** What `wrap` puts around an event, around an event in pieces. */
async function* around(
  pieces: AsyncIterable<string>,
  wrap: (data: StreamResponse) => unknown,
): AsyncGenerator<string, void> {
  const place = newId();
  // `wrap` passes on what it is given, without a look into it.
  const [before = '', after = ''] = JSON.stringify(wrap(place as unknown as StreamResponse)).split(`"${place}"`);
  yield before;
  yield* pieces;
  yield after;
}

const unnamed = z.object({
  error: z.looseObject({
    status: z.literal('UNKNOWN'),
    details: z.array(z.looseObject({ reason: z.string() })).min(1),
  }),
});

/** The SDK has names for A2A's own errors alone: what it calls UNKNOWN gets the name that goes with our code. */
export function nameStatuses(response: Response): void {
  const json = response.json.bind(response);
  response.json = (body: unknown) => json(response.statusCode < 400 ? body : named(body));
}

function named(body: unknown): unknown {
  const { data } = unnamed.safeParse(body);
  const known = Object.entries(httpErrors).find(([code]) => code === data?.error.details[0]?.reason);
  return data === undefined || known === undefined ? body : { error: { ...data.error, status: known[1].status } };
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
