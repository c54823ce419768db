/** The body of a request as it comes, for bodies that may take longer than a request may: only its pauses are limited. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

const patient = new WeakMap<Socket, IncomingMessage>();

/** Lets the body of `request` take longer than a request may. For whoever reads it with `bodyChunks`, before any waiting. */
export function letTakeItsTime(request: IncomingMessage): void {
  patient.set(request.socket, request);
}

/** Whether a body comes over this connection that may take its time. */
export function takesItsTime(socket: Socket): boolean {
  return patient.get(socket)?.complete === false;
}

/** The client has gone before it has sent all of the body. */
export class BodyBrokenOff extends Error {
  override readonly name = 'BodyBrokenOff';
}

/**
 * Throws REQUEST_TIMEOUT when nothing comes for `pauseMs`, and BodyBrokenOff. Whoever stops reading leaves the connection
 * as it is, to be answered.
 */
export async function* bodyChunks(request: IncomingMessage, pauseMs: number): AsyncGenerator<Buffer, void> {
  letTakeItsTime(request);
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = await inTime(chunks.next(), pauseMs);
      if (next.done === true) break;
      yield next.value as Buffer;
    }
  } catch (error) {
    throw request.destroyed && !request.complete ? new BodyBrokenOff('The body broke off.', { cause: error }) : error;
  } finally {
    // What is left of the body flows away: the connection is of use again. Nobody waits for a piece that is late.
    void leave(chunks).then(() => request.resume());
  }
  if (!request.complete) throw new BodyBrokenOff('The body broke off.');
}

async function leave(chunks: AsyncIterator<unknown>): Promise<void> {
  await chunks.return?.().catch(() => undefined);
}

/** Rejects with REQUEST_TIMEOUT when `step` takes longer; nobody then waits for it. */
function inTime<Result>(step: Promise<Result>, mostMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(new ContinuoError('REQUEST_TIMEOUT', `Nothing of the body has come for ${mostMs} milliseconds.`));
    // A process that had no time itself has not read yet what came meanwhile: that is read before the immediates.
    const timer = setTimeout(() => setImmediate(() => setImmediate(late)), mostMs);
    step.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
