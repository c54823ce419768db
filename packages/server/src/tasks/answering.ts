/** How a task is given the answer that it waits for. */
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { toAnswer } from '@continuo/agent/internal/tasks/answers.js';
import { waitingStates } from '@continuo/agent/internal/tasks/task-state.js';
import type { Append } from './append-events.js';
import type { TaskAt } from './read-tasks.js';
import { questionBehind, type Actor } from './task-audit.js';
import { waitedFor } from './traced-appends.js';

/** How a message reaches its task. */
export interface Telling {
  /** Its session has it already. Default: false. */
  readonly inConversation?: boolean | undefined;
  /** The task's last event has this number. Default: any. */
  readonly atSeq?: number | undefined;
}

interface Answering {
  /** Its session has the message already. */
  readonly inConversation: boolean;
  /** The task's last event has this number; undefined: any. */
  readonly atSeq: number | undefined;
  readonly by: Actor;
  readonly at: string;
}

/** The append that answers the question which `task` asks, unless somebody else has. */
export function answering(
  { agent, task: { id, contextId, status } }: TaskAt,
  message: Message,
  { inConversation, atSeq, by, at }: Answering,
): Append {
  const question = status.message?.messageId ?? '';
  const waited = waitedFor(question, status.timestamp);
  return {
    taskId: id,
    contextId,
    agent,
    guard: { states: waitingStates, question, seq: atSeq },
    events: [{ kind: 'statusUpdate', key: `answer:${message.messageId}`, state: 'WORKING', userMessage: message }],
    sessionMessages: inConversation ? [] : [message],
    answer: toAnswer(status.message, message, at, waited?.by),
    waited,
    audit: { by, action: 'task.answered', question: questionBehind(id, status.message) },
    release: true,
    at,
  };
}
