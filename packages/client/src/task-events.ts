/** Streams of events of tasks, on top of streams that resume: of one task by its numbers, of many by their positions. */
import { ContinuoApiError } from './api-error.js';
import { followEvents, type StreamEvent, type StreamOptions } from './event-stream.js';
import { isBefore, placeOf } from './feed-position.js';
import type { StreamResponse } from './schema.generated.js';
import type { Transport } from './transport.js';

const MOST_GAPS = 3;

/** An event of a task. */
export interface TaskEvent {
  readonly taskId: string;
  /** Its number in the log of its task: 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** Behind which a stream of the same kind goes on: of one task, or of many. */
  readonly id: string;
  /** A2A's StreamResponse: exactly one of `task`, `statusUpdate`, `artifactUpdate`. */
  readonly event: StreamResponse;
}

/** The log of one task behind `after`, gap-free, to its end. */
export async function* followTask(
  transport: Transport,
  { taskId, url, ...options }: StreamOptions & { readonly taskId: string; readonly url: string },
): AsyncGenerator<TaskEvent, void> {
  let seen = Number(options.after ?? 0);
  const onReset =
    options.onReset &&
    ((): void => {
      seen = 0;
      options.onReset?.();
    });
  for (let gaps = 0; gaps <= MOST_GAPS; gaps += 1) {
    let isGap = false;
    const after = seen === 0 ? undefined : String(seen);
    for await (const { id, data } of followEvents(transport, url, { ...options, onReset, after, ends: true })) {
      const seq = Number(id);
      if (!(seq > seen)) continue;
      isGap = seq > seen + 1;
      // What is missing is asked for again.
      if (isGap) break;
      seen = seq;
      gaps = 0;
      yield { taskId, seq, id, event: data as StreamResponse };
    }
    if (!isGap) return;
  }
  throw new ContinuoApiError(0, 'UNKNOWN', `Events of task ${taskId} behind ${seen} are missing.`);
}

/** How the events of many tasks are followed. */
export interface FeedOptions extends StreamOptions {
  /** Told where it begins, each time that it is opened: from there on nothing is missed. */
  readonly onOpen?: ((position: string) => void) | undefined;
}

/** The events of many tasks, in one order. */
export async function* followFeed(
  transport: Transport,
  { url, ...options }: FeedOptions & { readonly url: string },
): AsyncGenerator<TaskEvent, void> {
  let seen = options.after ?? '';
  const onReset =
    options.onReset &&
    ((): void => {
      seen = '';
      options.onReset?.();
    });
  for await (const arrived of followEvents(transport, url, { ...options, onReset, ends: false })) {
    const { id, data } = arrived;
    if (isOpening(arrived)) {
      if (seen === '') seen = id;
      options.onOpen?.(id);
    } else if (isBefore(seen, id)) {
      seen = id;
      yield { ...placeOf(id), id, event: data as StreamResponse };
    }
  }
}

/** What a stream over many tasks says first: where it begins. */
function isOpening({ event }: StreamEvent): boolean {
  return event === 'open';
}
