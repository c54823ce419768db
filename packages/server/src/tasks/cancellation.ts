/** How a task is ended for good by somebody else than its run. */
import { activeStates } from '@continuo/agent/internal/tasks/task-state.js';
import type { Append } from './append-events.js';

/** What has to be known of a task to end it. */
export interface EndedTask {
  readonly id: string;
  readonly contextId: string;
  readonly agent: string;
}

/** The append that cancels the task, unless it has ended; `key` is its event's. */
export function cancellation({ id, contextId, agent }: EndedTask, key: string, at: string): Append {
  return {
    taskId: id,
    contextId,
    agent,
    guard: { states: activeStates },
    events: [{ kind: 'statusUpdate', key, state: 'CANCELED' }],
    sessionMessages: [],
    release: true,
    at,
  };
}
