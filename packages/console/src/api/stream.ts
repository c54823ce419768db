/** One Server-Sent-Events stream that goes on where it was: after a lost connection, and after a restart of the server. */
import { createParser } from 'eventsource-parser';
import { ApiError, send } from './client.js';
import { LargeEvents } from './large-events.js';

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 10_000;
/** The server says something every 15 seconds. */
const SILENCE_MS = 45_000;

export type Connection = 'connecting' | 'open' | 'lost';

export interface StreamEvent {
  readonly id: string;
  readonly event: string | undefined;
  readonly data: unknown;
}

export interface StreamOptions {
  readonly url: string;
  readonly onEvent: (event: StreamEvent) => void;
  readonly onConnection?: (connection: Connection) => void;
  /** The server doesn't know the position any more: what was seen is worth nothing. */
  readonly onReset?: () => void;
  /** The stream is over for good: it has come to its end, or the server refuses it. One without an end is refused by 401 alone. */
  readonly onEnd?: (error?: ApiError) => void;
  /** The end of a response is the end of the stream, and not a loss. */
  readonly ends?: boolean;
  /** The id of the event to begin behind. */
  readonly after?: string;
}

/** Follows until the answer is called. */
export function follow(options: StreamOptions): () => void {
  const ended = new AbortController();
  void run(options, ended.signal);
  return () => ended.abort();
}

async function run(options: StreamOptions, ended: AbortSignal): Promise<void> {
  let lastEventId = options.after ?? '';
  let failures = 0;
  const note = (connection: Connection): void => {
    if (!ended.aborted) options.onConnection?.(connection);
  };
  note('connecting');
  while (!ended.aborted) {
    try {
      await read(options, lastEventId, ended, {
        opened: () => {
          failures = 0;
          note('open');
        },
        seen: (id) => (lastEventId = id),
      });
      if (options.ends === true) return options.onEnd?.();
    } catch (error) {
      if (ended.aborted) return;
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 ? error : undefined;
      if (refused?.status === 400 && lastEventId !== '') {
        lastEventId = '';
        options.onReset?.();
      } else if (refused !== undefined && isFinal(refused, options.ends)) {
        return options.onEnd?.(refused);
      }
    }
    if (ended.aborted) return;
    note('lost');
    failures += 1;
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), ended);
  }
}

/** What has no end is for as long as the page is: what stands before the server may refuse it for a while. */
function isFinal({ status }: ApiError, ends = false): boolean {
  return status === 401 || (ends && status !== 408 && status !== 429);
}

async function read(
  { url, onEvent }: StreamOptions,
  lastEventId: string,
  ended: AbortSignal,
  { opened, seen }: { readonly opened: () => void; readonly seen: (id: string) => void },
): Promise<void> {
  const silent = new AbortController();
  const signal = AbortSignal.any([ended, silent.signal]);
  const headers = { accept: 'text/event-stream', ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }) };
  const response = await send(url, { headers, signal });
  opened();
  if (response.body === null || response.status === 204) return;
  const parser = createParser({
    onEvent: ({ id = '', event, data }) => {
      if (ended.aborted) return;
      onEvent({ id, event, data: JSON.parse(data) as unknown });
      if (id !== '') seen(id);
    },
  });
  const large = new LargeEvents();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const timer = setTimeout(() => silent.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    parser.feed(large.take(value));
  }
}

/** Shorter when the network comes back meanwhile; a little random, so that not all tabs come at once. */
async function pause(ms: number, ended: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms * (0.75 + Math.random() / 2));
    function done(): void {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      ended.removeEventListener('abort', done);
      resolve();
    }
    window.addEventListener('online', done);
    ended.addEventListener('abort', done);
  });
}
