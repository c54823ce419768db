/** Follows one event stream of the server until it is told to stop. */
import { ContinuoApiError, type Connection, type StreamEvent } from '@continuo/client';
import { server } from './client.js';

/** Characters of an event that is an artifact's chunk; what is larger can't be shown anyway. */
const MOST_CHARACTERS = 4_000_000;

export interface FollowOptions {
  readonly url: string;
  readonly onEvent: (event: StreamEvent) => void;
  readonly onConnection?: (connection: Connection) => void;
  /** The server doesn't know the position any more: what was seen is worth nothing. */
  readonly onReset?: () => void;
  /** The stream is over for good: it has come to its end, or the server refuses it. One without an end is refused by 401 alone. */
  readonly onEnd?: (error?: ContinuoApiError) => void;
  /** The server ends it when there is nothing more. */
  readonly ends?: boolean;
  /** The id of the event to begin behind. */
  readonly after?: string;
}

/** Follows until the answer is called. */
export function follow(options: FollowOptions): () => void {
  const ended = new AbortController();
  void run(options, ended.signal);
  return () => ended.abort();
}

async function run(
  { url, onEvent, onEnd, ends = false, ...options }: FollowOptions,
  signal: AbortSignal,
): Promise<void> {
  const stream = server.stream(url, {
    ...options,
    ends,
    signal,
    maxEventCharacters: MOST_CHARACTERS,
    giveUpAfterMs: Infinity,
    // What has no end is for as long as the page is: what stands before the server may refuse it for a while.
    ...(ends ? {} : { isFinal: () => false }),
  });
  try {
    for await (const event of stream) {
      if (signal.aborted) return;
      onEvent(event);
    }
    onEnd?.();
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ContinuoApiError)) throw error;
    onEnd?.(error);
  }
}
