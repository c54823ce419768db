/** The task that a call makes, as it is opened. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { withWishes, type TaskBudget } from '@continuo/agent/internal/tasks/task-budget.js';
import { SESSIONS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { Caller } from '../platform/caller.js';
import { sessionKey, toMessageRow } from '../sessions/append-messages.js';
import type { NewTask } from '../tasks/open-tasks.js';
import type { InContext } from './repeated-messages.js';
import type { SendOptions } from './send-options.js';
import { budgetOf } from './task-budget.js';
import { timingOf } from './task-timing.js';
import { titleOf } from '../sessions/message-title.js';

/** What was decided before the task is made. */
export interface Decided {
  readonly id: string;
  readonly contextId: string;
  readonly now: Date;
  /** The run that begins at once; null: the task waits until one claims it. */
  readonly run: NewTask['run'];
  /** Why the task runs without a session; undefined: in one. */
  readonly statelessReason: string | undefined;
  /** What the agent allows its tasks. */
  readonly budget: TaskBudget;
}

/** Throws INVALID_ARGUMENT for a timing or a budget that can't be. */
export function taskOfCall(
  caller: Caller,
  agent: string,
  message: Message,
  options: SendOptions,
  { id, contextId, now, run, statelessReason, budget }: Decided,
): NewTask & { readonly message: InContext } {
  const timing = timingOf(options, message.metadata, options.metadata);
  const within = budgetOf(budget, options, message.metadata, options.metadata);
  // Most calls wish nothing: their metadata, which may be large, are not copied.
  const wished = withWishes(options.metadata ?? {}, {
    startAt: timing.startAt?.toISOString(),
    priority: timing.priority,
    ...within,
  });
  const stateless = statelessReason !== undefined;
  const at = now.toISOString();
  const own = Object.assign({}, message, { contextId, taskId: id });
  return {
    id,
    caller,
    agent,
    contextId,
    sessionId: stateless ? null : sessionKey(caller, contextId),
    message: own,
    title: titleOf(message.parts),
    parentId: options.parent?.id ?? null,
    rootId: options.parent?.rootId ?? null,
    ...(options.parent === undefined ? {} : { parentToken: options.parent.token }),
    metadata: stateless ? { ...wished, [SESSIONS_EXTENSION]: { stateless, reason: statelessReason } } : wished,
    at,
    ...timing,
    run,
    sessionMessage: stateless || options.inConversation === true ? null : toMessageRow(own, id, agent, at),
  };
}
