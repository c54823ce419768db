/** An answer without a task, for agents that reply with a Message (A2A section 3.1.1). */
import { answerOfTask, isElsewhere } from '@continuo/agent/internal/agents/task-answer.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Task } from '@continuo/agent/internal/tasks/task.js';
import type { TaskAt } from '../tasks/read-tasks.js';

/** A2A's SendMessageResponse: exactly one member. */
export type SendAnswer = { readonly task: Task } | { readonly message: Message };

/**
 * The answer of a task that is done, the same each time; undefined for one that asks, has failed, is under way, or has
 * artifacts that no answer can carry.
 */
export function replyOf({ task, state }: TaskAt): { readonly message: Message } | undefined {
  if (state !== 'COMPLETED') return undefined;
  const { id, contextId, artifacts = [] } = task;
  if (artifacts.some(isElsewhere)) return undefined;
  const { parts } = answerOfTask(id, task);
  const messageId = derivedId(`${id}:reply`);
  return { message: { messageId, contextId, role: 'ROLE_AGENT', parts: parts.length > 0 ? parts : [{ text: '' }] } };
}
