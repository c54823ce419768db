/** Writes Server-Sent Events at the pace of the client, and reads where it wants to go on. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Log } from './log.js';
import { pulseOf } from './pulse.js';
import { requestIdOf, tellOfRefusal } from './refusal-log.js';
import { toContinuoError } from './to-continuo-error.js';

export interface SseFrame {
  /** What the client sends back as Last-Event-ID; only durable events have one. */
  readonly id?: number | string;
  readonly event?: string;
  /** Goes out as JSON. */
  readonly data?: unknown;
  /** The JSON that goes out in place of `data`, without line breaks: for what is too large for memory. */
  readonly pieces?: AsyncIterable<string>;
  /** A word of the protocol that goes out as it is, in place of `data`: `[DONE]`. */
  readonly word?: string;
}

export interface SseOptions {
  /** Milliseconds of silence until a comment keeps the connection open, at the most. */
  readonly heartbeatMs: number;
  /** `closedSignal(response)`, which should also end `frames`. */
  readonly signal: AbortSignal;
  /** What of each `data` goes out. Default: `data` itself. */
  readonly wrap?: (data: unknown) => unknown;
}

/** An answer under way, over whatever transport: `close` is when it has been sent, or its client has gone. */
export interface Answer {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/** Why waiting ends; one for all, as making it takes longer than a whole answer should. */
const OVER = new DOMException('Nobody waits any more.', 'AbortError');

const signals = new WeakMap<Answer, AbortSignal>();

/** Aborted as soon as the response is over: because it was sent, or because the client has gone. One for each response. */
export function closedSignal(response: Answer): AbortSignal {
  const known = signals.get(response);
  if (known !== undefined) return known;
  const controller = new AbortController();
  if (response.destroyed) controller.abort(OVER);
  else response.once('close', () => controller.abort(OVER));
  signals.set(response, controller.signal);
  return controller.signal;
}

/** `work` with a signal that is aborted when the client goes before it is done, or after `ms` milliseconds. */
export async function whileWaiting<Result>(
  response: Answer,
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(OVER);
  if (response.destroyed) stop();
  response.once('close', stop);
  const timer = setTimeout(stop, ms).unref();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    response.off('close', stop);
  }
}

/** Whether an event stream is the answer: its client comes back behind what it has seen. */
export function isEventStream(response: Pick<ServerResponse, 'getHeader'>): boolean {
  const type = response.getHeader('content-type');
  return typeof type === 'string' && type.startsWith('text/event-stream');
}

/**
 * Sends `frames` until they end or the client goes; then ends the response. A frame is taken only when the one before it
 * has left, so that a slow client costs no memory. Rethrows what `frames` throws, with the response still open.
 */
export async function streamEvents(
  response: ServerResponse,
  frames: AsyncIterable<SseFrame>,
  { heartbeatMs, signal, wrap = (data) => data }: SseOptions,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  // HEAD asks for nothing else, and its connection is for what comes next.
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  response.flushHeaders();
  const pulse = pulseOf(heartbeatMs);
  const beat = pulse.enter(() => {
    if (!signal.aborted && !response.writableNeedDrain) response.write(': heartbeat\n\n');
  });
  try {
    const packet = new Packet(response);
    for await (const frame of frames) {
      if (signal.aborted) break;
      if (frame.pieces === undefined) {
        const text = frame.word ?? JSON.stringify(wrap(frame.data));
        if (!packet.add(`${headOf(frame)}${text}\n\n`)) await drained(response, signal);
        beat.since = pulse.now;
        continue;
      }
      // Never inside of a frame.
      beat.since = Infinity;
      for await (const text of inPieces(frame, frame.pieces, wrap)) {
        if (!packet.add(text)) await drained(response, signal);
        if (signal.aborted) break;
      }
      beat.since = pulse.now;
    }
    packet.send();
  } finally {
    pulse.leave(beat);
  }
  if (!response.destroyed) response.end();
}

/**
 * The same for a handler that has nothing to do behind it: what has called it is not kept in memory as long as the stream lasts.
 * One whose `frames` throw breaks off, and its client resumes where it was.
 */
export function beginStream(response: ServerResponse, frames: AsyncIterable<SseFrame>, options: SseOptions): void {
  // The request is kept as long as its answer is under way: not what it said, too.
  Object.assign(response.req, { body: undefined });
  streamEvents(response, frames, options).catch((error: unknown) => {
    const { log } = response.req as { readonly log?: Log };
    if (log !== undefined) tellOfRefusal(toContinuoError(error), requestIdOf(response.req), log);
    response.destroy();
  });
}

/** The seq that the client has seen last; undefined without a header. Throws INVALID_ARGUMENT for anything but a seq. */
export function lastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const seq = /^\d{1,15}$/.test(header) ? Number(header) : undefined;
  if (seq === undefined) throw invalidArgument('Last-Event-ID', 'the id of an event of this stream, a whole number');
  return seq;
}

/** Throws INVALID_ARGUMENT for an event that a stream has not had yet: whoever waited for the next one would miss all before. */
export function refuseBeyondEnd(seq: number, lastSeq: number): void {
  if (seq > lastSeq) throw invalidArgument('Last-Event-ID', `the id of an event of this stream, at most ${lastSeq}`);
}

function headOf({ id, event }: SseFrame): string {
  return `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: `;
}

async function* inPieces(
  frame: SseFrame,
  pieces: AsyncIterable<string>,
  wrap: (data: unknown) => unknown,
): AsyncGenerator<string, void> {
  // `wrap` passes on what it is given, without a look into it.
  const place = newId();
  const [before = '', after = ''] = JSON.stringify(wrap(place)).split(`"${place}"`);
  yield `${headOf(frame)}${before}`;
  yield* pieces;
  yield `${after}\n\n`;
}

const PACKET_CHARACTERS = 32 * 1024;

/** Frames that follow each other at once leave together. */
class Packet {
  #text = '';
  #scheduled = false;

  constructor(private readonly response: ServerResponse) {}

  /** False when the client has to take some before there is more. */
  add(frame: string): boolean {
    this.#text += frame;
    if (this.#text.length >= PACKET_CHARACTERS) return this.send();
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.send();
      });
    }
    return !this.response.writableNeedDrain;
  }

  send(): boolean {
    const text = this.#text;
    this.#text = '';
    if (text === '' || this.response.destroyed || this.response.writableEnded) return true;
    return this.response.write(text);
  }
}

/** Resolves when the client has taken what waits for it, or has gone. */
export async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
