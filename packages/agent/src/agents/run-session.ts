/** The session of a task as its agent sees it: state that is read and written once, however often the run begins anew. */
import type { SessionStore } from '../sessions/session-store.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import type { TaskSession } from './task-context.js';

/** `step` keeps what comes of `work`. Without a session, or a store for it, state lasts as long as the run. */
export function runSession(
  { sessionId: key, contextId: id }: Pick<ClaimedTask, 'sessionId' | 'contextId'>,
  sessions: Pick<SessionStore, 'getState' | 'setState'> | undefined,
  step: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>,
): TaskSession {
  if (key === null || sessions === undefined) {
    const volatile = new Map<string, unknown>();
    const state = {
      get: async (name: string): Promise<unknown> => volatile.get(name),
      set: async (name: string, value: unknown): Promise<void> => void volatile.set(name, value),
    };
    return { id, key: key ?? '', stateless: true, state };
  }
  const state = {
    get: (name: string): Promise<unknown> => step(`state of ${name}`, () => sessions.getState(key, name)),
    set: (name: string, value: unknown): Promise<void> =>
      step(`keep ${name}`, () => sessions.setState(key, name, value)),
  };
  return { id, key, stateless: false, state };
}
