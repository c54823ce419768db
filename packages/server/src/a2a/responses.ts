/** How the answers of both bindings leave: streams with ids, and errors that break a stream under way off. */
import { restStatusFor, type A2AError } from '@a2a-js/sdk/errors';
import type { Response } from 'express';
import { z } from 'zod';
import { httpErrors } from '../platform/http-errors.js';
import { beginStream, closedSignal } from '../platform/sse.js';
import { answerLargeJson } from '../platform/answer-json.js';
import { toContinuoError } from '../platform/to-continuo-error.js';
import { toA2AError } from './a2a-errors.js';
import { a2aDetails } from './error-details.js';
import type { Generations } from './generations.js';
import type { Frame } from './frame.js';

/** Begins to send a stream, each event as `wrap` puts it. */
export type SendFrames = (response: Response, frames: AsyncIterable<Frame>, wrap: (data: unknown) => unknown) => void;

export function sendFramesEvery(heartbeatMs: number): SendFrames {
  return (response, frames, wrap) => {
    beginStream(response, frames, { heartbeatMs, signal: closedSignal(response), wrap });
  };
}

const failure = z.looseObject({
  error: z.looseObject({
    status: z.string(),
    details: z.array(z.looseObject({ '@type': z.string(), reason: z.unknown().optional() })).min(1),
  }),
});

/**
 * The SDK has names for A2A's own errors alone: what it calls UNKNOWN gets the name that goes with our code, and all get the
 * details that it doesn't know. Tasks get their generations, which it doesn't know at all.
 */
export function nameStatuses(response: Response, generations: Generations | undefined): void {
  const json = response.json.bind(response);
  response.json = (given: unknown) => {
    if (response.statusCode >= 400) return json(named(given));
    const body = generations === undefined ? given : generations.stamped(given);
    return answerLargeJson(response, body) ? response : json(body);
  };
}

function named(body: unknown): unknown {
  const { data } = failure.safeParse(body);
  if (data === undefined) return body;
  const { error } = body as typeof data;
  const known = Object.entries(httpErrors).find(([code]) => code === error.details[0]?.reason);
  const status = error.status === 'UNKNOWN' ? (known?.[1].status ?? error.status) : error.status;
  return { ...data, error: { ...error, status, details: a2aDetails(error.details) } };
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
