/** How a task is ended for good by somebody else than its run. */
import { activeStates } from '@continuo/agent/internal/tasks/task-state.js';
import type { Append } from './append-events.js';
import type { Actor, TaskAudit } from './task-audit.js';

/** What has to be known of a task to end it. */
export interface EndedTask {
  readonly id: string;
  readonly contextId: string;
  readonly agent: string;
}

export interface Canceling {
  /** Of its event. */
  readonly key: string;
  readonly at: string;
  readonly by: Actor;
  readonly details?: TaskAudit['details'];
}

/** The append that cancels the task, unless it has ended. */
export function cancellation({ id, contextId, agent }: EndedTask, { key, at, by, details = {} }: Canceling): Append {
  return {
    taskId: id,
    contextId,
    agent,
    guard: { states: activeStates },
    events: [{ kind: 'statusUpdate', key, state: 'CANCELED' }],
    sessionMessages: [],
    release: true,
    audit: { by, action: 'task.canceled', details },
    at,
  };
}
