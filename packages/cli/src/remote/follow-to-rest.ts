/** A task as it is shown until it rests: until it has ended or asks, and nothing came after. */
import type { StreamResponse, Task } from '@continuo/client';
import { hasEnded, isWaiting, stateOf } from '@continuo/client/facts';
import { followTask, type FollowOptions } from './follow.js';
import type { Server } from './server.js';

/** A task as it is, without what it has said and made. */
export interface Present {
  readonly task: Task;
  /** Its last event. */
  readonly last: string;
}

export interface RestOptions extends FollowOptions {
  readonly show: (event: StreamResponse) => Promise<void>;
}

/**
 * Shows each event up to the one that left the task as it is now. A log tells of questions that were answered since, and of
 * attempts that another one followed: they are shown, and end nothing. Throws ServerError, and the reason of `signal`.
 */
export async function followToRest(server: Server, id: string, options: RestOptions): Promise<Present> {
  const { signal, show } = options;
  /** The last event of the task when it was asked for. */
  let known = 0;
  for await (const { seq, event } of followTask(server, id, options)) {
    await show(event);
    if (seq < known || !(seq === known || rests(event.task ?? event.statusUpdate))) continue;
    const present = await presentOf(server, id, signal);
    known = Number(present.last);
    if (seq >= known && rests(present.task)) return present;
  }
  signal.throwIfAborted();
  return presentOf(server, id, signal);
}

export async function presentOf(server: Server, id: string, signal?: AbortSignal): Promise<Present> {
  const url = server.client.urlOf('getTask', { path: { id }, query: { historyLength: 0, includeArtifacts: false } });
  return server.read(
    url,
    async (response) => ({
      task: (await response.json()) as Task,
      last: response.headers.get('last-event-id') ?? '0',
    }),
    signal,
  );
}

/** Whether it has ended or asks. */
function rests(told: Pick<Task, 'status'> | undefined): boolean {
  if (told === undefined) return false;
  const state = stateOf(told);
  return hasEnded(state) || isWaiting(state);
}
