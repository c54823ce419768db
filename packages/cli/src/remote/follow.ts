/** Events of tasks that a command shows as they come, however long it takes and however often the connection breaks. */
import type { StreamOptions, TaskEvent } from '@continuo/client';
import type { Server } from './server.js';

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Behind this event; undefined: from the first one. */
  readonly after?: string | undefined;
  /** Told when the connection is lost, and again when it is back. */
  readonly onLost?: (lost: boolean) => void;
}

/** Ends with the task, or with `signal`. Throws ServerError for what trying again won't mend. */
export function followTask(server: Server, id: string, options: FollowOptions): AsyncGenerator<TaskEvent, void> {
  return untilAborted(options.signal, server.toldOf(server.client.tasks.follow(id, streamOptions(options))));
}

/** The events of all tasks, from now on. Ends with `signal`. */
export function followTasks(server: Server, options: FollowOptions): AsyncGenerator<TaskEvent, void> {
  return untilAborted(options.signal, server.toldOf(server.client.tasks.events(streamOptions(options))));
}

function streamOptions({ signal, after, onLost }: FollowOptions): StreamOptions {
  let isLost = false;
  return {
    signal,
    after,
    // Whoever watches says when it is enough.
    giveUpAfterMs: Infinity,
    onConnection: (connection) => {
      if (connection === 'connecting' || (connection === 'lost') === isLost) return;
      isLost = !isLost;
      onLost?.(isLost);
    },
  };
}

async function* untilAborted<Event>(signal: AbortSignal, events: AsyncIterable<Event>): AsyncGenerator<Event, void> {
  try {
    yield* events;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
