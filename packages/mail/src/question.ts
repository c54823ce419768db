/** What a task waits for, as people are asked. */
import type { Task } from '@continuo/client';
import { CLIENT_TOOLS_EXTENSION } from '@continuo/client/extensions';
import { agentOf, progressOf, questionOf, stateOf, titleOf } from '@continuo/client/facts';
import type { JsonSchema } from './answer-from-text.js';

export interface Question {
  readonly taskId: string;
  readonly questionId: string;
  /** `type/name`. */
  readonly agent: string;
  readonly title: string;
  readonly text: string;
  readonly schema: JsonSchema | undefined;
  /** ISO 8601; afterwards nobody's answer is taken any more. */
  readonly expiresAt: string | undefined;
}

/**
 * Undefined for a task that asks nothing, that asks for credentials (they don't belong into a mail) or its client to run tools,
 * and for one that another task has called: what it asks its root asks.
 */
export function askedBy(task: Task): Question | undefined {
  if (stateOf(task) !== 'INPUT_REQUIRED' || progressOf(task).parentTaskId !== undefined) return undefined;
  const { message, schema, expiresAt } = questionOf(task) ?? {};
  if (message === undefined || message.extensions?.includes(CLIENT_TOOLS_EXTENSION) === true) return undefined;
  const said = message.parts.flatMap(({ text, data }) =>
    text !== undefined ? [text] : data !== undefined ? [JSON.stringify(data, undefined, 2)] : [],
  );
  return {
    taskId: task.id,
    questionId: message.messageId,
    agent: agentOf(task),
    title: titleOf(task),
    text: said.join('\n\n'),
    schema,
    expiresAt,
  };
}
