/** One Server-Sent-Events stream that goes on where it was: after a lost connection, a silent one, and a restart of the server. */
import { createParser } from 'eventsource-parser';
import { ContinuoApiError, isPassing, unreachable } from './api-error.js';
import { LargeEvents } from './large-events.js';
import type { Transport } from './transport.js';
import { linkedTo, pause, pauseAfter } from './waiting.js';

/** The server says something every 15 seconds. */
const SILENCE_MS = 45_000;
const PATIENCE_MS = 10 * 60_000;
const BAD_REQUEST = 400;
const UNAUTHENTICATED = 401;
/** By which streams of AI SDK end. */
const DONE = '[DONE]';

/** `lost`: there is none, and another one is about to be tried. */
export type Connection = 'connecting' | 'open' | 'lost';

/** An event as it came over the wire. */
export interface StreamEvent {
  /** Empty for one without an id. */
  readonly id: string;
  /** Its type; undefined for most. */
  readonly event: string | undefined;
  readonly data: unknown;
}

/** How a stream is read. */
export interface StreamOptions {
  /** The id of the event to begin behind. Default: where the stream itself begins. */
  readonly after?: string | undefined;
  /** Ends it: what reads it gets the signal's reason thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Told when the connection stands, and when it is lost and opened again. */
  readonly onConnection?: ((connection: Connection) => void) | undefined;
  /**
   * Told when the server doesn't know the position any more, which happens when its database was restored: what was seen is
   * worth nothing, and the stream begins again. Without it, that is an error.
   */
  readonly onReset?: (() => void) | undefined;
  /** Milliseconds without a byte after which a connection counts as dead. Default: 45,000, three heartbeats. */
  readonly silenceMs?: number | undefined;
  /** Milliseconds without a connection after which it is given up. Default: ten minutes. */
  readonly giveUpAfterMs?: number | undefined;
  /**
   * Characters of an artifact's chunk that are taken; a larger one comes without its parts, with the address of its content
   * under `urn:continuo:a2a:content:v1`. Default: no limit.
   */
  readonly maxEventCharacters?: number | undefined;
  /** Whether a refusal ends it. 401 always does. Default: 400, 403, 404 and the like. */
  readonly isFinal?: ((error: ContinuoApiError) => boolean) | undefined;
}

interface Following extends StreamOptions {
  /**
   * Whether the server ends the stream when there is nothing more to come, and says so with 204 to whoever asks for more; the
   * end of a response alone is none, as proxies and stopping servers end responses, too.
   */
  readonly ends: boolean;
  /** What asks for the stream, each time anew. Default: a GET. */
  readonly request?: RequestInit;
}

/**
 * Every event once and in order, from the first to the last, however often the connection breaks. Throws ContinuoApiError for what the server refuses.
 */
export async function* followEvents(
  transport: Transport,
  url: string,
  options: Following,
): AsyncGenerator<StreamEvent, void> {
  const { signal, onConnection, isFinal = isRefusal } = options;
  let lastEventId = options.after ?? '';
  let failures = 0;
  let lostAt = performance.now();
  signal?.throwIfAborted();
  onConnection?.('connecting');
  for (;;) {
    let problem = unreachable(new Error('The stream broke off.'));
    let isOver = false;
    let goesOnAtOnce = false;
    try {
      const connection = new EventConnection(transport, url, options);
      for await (const event of connection.read(lastEventId)) {
        failures = 0;
        if (event === undefined) continue;
        goesOnAtOnce = options.ends;
        if (event.id !== '') lastEventId = event.id;
        yield event;
      }
      isOver = connection.wasEmpty && options.ends;
    } catch (error) {
      goesOnAtOnce = false;
      signal?.throwIfAborted();
      if (!(error instanceof ContinuoApiError)) throw error;
      const isForgotten = error.status === BAD_REQUEST && lastEventId !== '' && options.onReset !== undefined;
      if (isForgotten) {
        lastEventId = '';
        options.onReset?.();
      } else if (error.status === UNAUTHENTICATED || isFinal(error)) {
        throw error;
      }
      problem = error;
    }
    if (isOver) return;
    signal?.throwIfAborted();
    // A response that ended in order: either there is nothing more, which the next one says, or its server stops.
    if (goesOnAtOnce) continue;
    if (failures === 0) lostAt = performance.now();
    failures += 1;
    if (performance.now() - lostAt > (options.giveUpAfterMs ?? PATIENCE_MS)) throw problem;
    onConnection?.('lost');
    await pause(pauseAfter(failures, problem.retryAfter), signal);
    signal?.throwIfAborted();
  }
}

/** What will not be otherwise the next time. */
function isRefusal(error: ContinuoApiError): boolean {
  return error.status >= 400 && error.status < 500 && !isPassing(error);
}

class EventConnection {
  /** The server has said that there is nothing more. */
  wasEmpty = false;

  constructor(
    private readonly transport: Transport,
    private readonly url: string,
    private readonly options: Following,
  ) {}

  /** Events as they come, and undefined for whatever else shows that the connection lives. */
  async *read(lastEventId: string): AsyncGenerator<StreamEvent | undefined, void> {
    const { silenceMs = SILENCE_MS, maxEventCharacters, request } = this.options;
    const { controller, unlink } = linkedTo(this.options.signal);
    const headers = new Headers(request?.headers);
    headers.set('accept', 'text/event-stream');
    if (lastEventId !== '') headers.set('last-event-id', lastEventId);
    try {
      const opening = { signal: controller.signal, timeoutMs: silenceMs };
      const { response } = await this.transport.open(this.url, { ...request, headers }, opening);
      this.options.onConnection?.('open');
      this.wasEmpty = response.status === 204;
      if (this.wasEmpty || response.body === null) return;
      const arrived: StreamEvent[] = [];
      const parser = createParser({
        onEvent: ({ id = '', event, data }) => {
          if (data !== DONE) arrived.push({ id, event, data: JSON.parse(data) as unknown });
        },
      });
      const large = maxEventCharacters === undefined ? undefined : new LargeEvents(maxEventCharacters);
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const text = decoder.decode(value, { stream: true });
        parser.feed(large?.take(text) ?? text);
        yield undefined;
        yield* arrived.splice(0);
      }
    } catch (error) {
      this.options.signal?.throwIfAborted();
      throw error instanceof ContinuoApiError ? error : unreachable(error);
    } finally {
      controller.abort();
      unlink();
    }
  }
}
