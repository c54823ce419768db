/** What others answer is counted before it is understood: many small values cost whoever parses them much more than they cost their sender. */
import type { Transformer } from 'node:stream/web';
import { AnswerRefused, refusedAnswer } from '@continuo/agent/internal/platform/answer-refused.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { MOST_LEVELS } from '@continuo/agent/internal/platform/storable.js';
import { refuseBeyond, type JsonBounds } from '../count-json.js';
import type { Egress } from './egress.js';

export interface AnswerBounds extends JsonBounds {
  /** Of one answer, or of one event of a stream. */
  readonly bytes: number;
  /** Of a whole stream of events. */
  readonly streamBytes: number;
}

const MB = 1024 ** 2;

/** What remote agents, models and MCP servers may answer. */
export const ANSWER_BOUNDS: AnswerBounds = {
  values: 100_000,
  levels: MOST_LEVELS + 8,
  nameBytes: 1_024,
  bytes: 32 * MB,
  streamBytes: 64 * MB,
};

/** What an agent's card, an issuer's keys and the like may be. */
export const DOCUMENT_BOUNDS: AnswerBounds = { ...ANSWER_BOUNDS, values: 10_000, bytes: MB, streamBytes: 2 * MB };

/**
 * `fetch` whose answers fail with AnswerRefused while their bodies are read, before anybody can parse what is beyond
 * `bounds`. `refused` is told, too, with the request: for readers that keep silent about it.
 */
export function counted(
  fetchAnswer: typeof fetch,
  bounds: AnswerBounds = ANSWER_BOUNDS,
  refused?: (error: AnswerRefused, request: RequestInit | undefined) => void,
): typeof fetch {
  return async (input, init) => {
    const response = await fetchAnswer(input, init);
    if (response.body === null) return response;
    const url = input instanceof Request ? input.url : String(input);
    const counter = new AnswerCounter(new URL(url).origin, bounds, (error) => refused?.(error, init));
    const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(counter));
    const { status, statusText, headers } = response;
    return Object.defineProperty(new Response(body, { status, statusText, headers }), 'url', { value: response.url });
  };
}

/** The same by way of `egress`, of calls that name an address, and make no Request. */
export function countedBy(egress: Pick<Egress, 'fetch'>, bounds: AnswerBounds): typeof fetch {
  return counted((input, init) => egress.fetch(input instanceof Request ? input.url : input, init), bounds);
}

const LF = 0x0a;
const CR = 0x0d;
/** The byte order mark among it. */
const white = new Set(Buffer.from(' \t\r\n\u{FEFF}'));
/** How the lines of event streams begin, and no JSON does: a comment, `data`, `event`, `id`, `retry`. */
const eventLines = new Set(Buffer.from(':deir'));
/** What is shorter holds no data, and waits for the next event. */
const SHORTEST_EVENT = 8;

/** Decides by the first byte, whatever the headers say: events are let through one by one, anything else when it is whole. */
class AnswerCounter implements Transformer<Uint8Array, Uint8Array> {
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #allBytes = 0;
  /** Undefined while only white space has come. */
  #first: number | undefined;
  /** The last two bytes of the chunk before. */
  #tail: readonly [number, number] = [0, 0];

  constructor(
    private readonly remote: string,
    private readonly bounds: AnswerBounds,
    private readonly refused: (error: AnswerRefused) => void,
  ) {}

  transform(chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void {
    this.#first ??= chunk.find((byte) => !white.has(byte));
    this.#allBytes += chunk.length;
    if (this.#allBytes > this.bounds.streamBytes)
      throw this.#refusal(`at most ${this.bounds.streamBytes} bytes in all`);
    let from = 0;
    if (this.#first !== undefined && eventLines.has(this.#first)) {
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
        if (!this.#isBlankLine(chunk, at) || this.#heldBytes + at + 1 - from < SHORTEST_EVENT) continue;
        this.#hold(chunk.subarray(from, at + 1));
        controller.enqueue(this.#counted());
        from = at + 1;
      }
    }
    this.#hold(chunk.subarray(from));
    this.#tail = [byteAt(chunk, chunk.length - 2, this.#tail), byteAt(chunk, chunk.length - 1, this.#tail)];
  }

  flush(controller: TransformStreamDefaultController<Uint8Array>): void {
    if (this.#heldBytes > 0) controller.enqueue(this.#counted());
  }

  #hold(bytes: Uint8Array): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.bounds.bytes) throw this.#refusal(`at most ${this.bounds.bytes} bytes`);
    this.#held.push(bytes);
  }

  /** Whether the line break at `at` ends a line with nothing in it. */
  #isBlankLine(chunk: Uint8Array, at: number): boolean {
    const before = byteAt(chunk, at - 1, this.#tail);
    return before === LF || (before === CR && byteAt(chunk, at - 2, this.#tail) === LF);
  }

  /** What was held: as one JSON text, unless it can be none, and as events, whoever reads it as what. */
  #counted(): Uint8Array {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    try {
      if (this.#first !== undefined && !eventLines.has(this.#first)) refuseBeyond(bytes, this.bounds);
      let values = 0;
      for (const line of dataLines(bytes)) values = refuseBeyond(line, this.bounds, values);
    } catch (error) {
      throw error instanceof ContinuoError ? this.#refusal(error.expected ?? error.message) : error;
    }
    return bytes;
  }

  #refusal(expected: string): AnswerRefused {
    const error = refusedAnswer(this.remote, expected);
    this.refused(error);
    return error;
  }
}

/** Also where it is before the chunk: in `tail`. */
function byteAt(chunk: Uint8Array, at: number, tail: readonly [number, number]): number {
  return chunk[at] ?? tail[at + 2] ?? 0;
}

/** What comes after each `data:` that begins a line, to the line's end. */
function* dataLines(bytes: Buffer): Generator<Buffer> {
  const text = bytes.toString('latin1');
  const lineBreak = /[\r\n]/g;
  // Readers pass over marks before the first line.
  for (const { 0: beginning, index } of text.matchAll(/(?:^|[\r\n])[^\r\n]{0,12}?data:/g)) {
    const from = index + beginning.length;
    lineBreak.lastIndex = from;
    yield bytes.subarray(from, lineBreak.exec(text)?.index);
  }
}
