/** Server-sent events that go on where they were when the connection breaks. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ServerError, type Server } from './server.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export interface StreamEvent<Data> {
  readonly id: string | undefined;
  readonly data: Data;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Behind this event; undefined: as the server begins. */
  readonly after?: string;
  /** Told when the connection is lost, and again when it is back. */
  readonly onLost?: (lost: boolean) => void;
  /** Whether the stream may have come to its end: then it is not opened again. Default: never. */
  readonly isOver?: () => boolean;
}

/** Ends when `isOver` or `signal` says so. Throws ServerError for what trying again won't mend. */
export async function* follow<Data>(
  server: Server,
  path: string,
  options: FollowOptions,
): AsyncGenerator<StreamEvent<Data>> {
  const { signal, onLost, isOver = () => false } = options;
  let last = options.after;
  let pauseMs = FIRST_PAUSE_MS;
  let isLost = false;
  const lost = (now: boolean): void => {
    if (now !== isLost) onLost?.(now);
    isLost = now;
  };
  while (!signal.aborted && !isOver()) {
    try {
      const response = await server.request(path, {
        headers: { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) },
        signal,
      });
      lost(false);
      if (response.body === null) return;
      const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      for await (const { id, data } of events) {
        pauseMs = FIRST_PAUSE_MS;
        last = id ?? last;
        yield { id, data: JSON.parse(data) as Data };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ServerError && error.status < 500 && error.status !== 429) throw error;
    }
    if (isOver() || signal.aborted) return;
    lost(true);
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
