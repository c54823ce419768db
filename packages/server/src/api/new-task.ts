/** The body that creates a task: `{ message, sessionId?, metadata?, question?, wait?, startAt?, priority?, maxTokens?, maxCost? }`, the message as text or as an A2A Message. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { derivedId, newId } from '@continuo/agent/internal/platform/ids.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { isNothing } from '@continuo/agent/internal/platform/text.js';
import { messageSchema, type Message } from '@continuo/agent/internal/sessions/message.js';
import type { TaskBudget } from '@continuo/agent/internal/tasks/task-budget.js';
import { budgetFields } from '../calls/task-budget.js';
import { timingFields, type TaskTiming } from '../calls/task-timing.js';
import { onlyFields } from '../platform/known-fields.js';
import { fromProtoJson, messageShape } from '../platform/proto-json.js';

export interface NewTaskRequest extends TaskTiming, TaskBudget {
  readonly message: Message;
  readonly sessionId: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly question: string | undefined;
  readonly wait: boolean;
}

const newTaskBody = onlyFields({
  message: z.union([z.string(), z.record(z.string(), z.unknown())], { error: 'expected text or an A2A Message' }),
  sessionId: z
    .string()
    .min(1)
    .max(256)
    .nullish()
    .describe('The session that the task is in; it must be there. Default: a new one.'),
  metadata: z.record(z.string(), z.unknown()).nullish().describe('Goes into the metadata of the task.'),
  question: z
    .string()
    .min(1)
    .max(256)
    .nullish()
    .describe(
      'The `messageId` of the question that the message answers: it is refused once the task asks no more, or something else. Default: whatever the task asks.',
    ),
  wait: z.boolean().nullish().describe('Answer when the task has ended or asks something. Default: false.'),
  ...timingFields,
  ...budgetFields,
});

/** A2A's Message, of which two fields may be left out here. */
const ownMessageSchema = messageSchema.extend({
  messageId: z.string().max(256).nullish(),
  role: z.literal('ROLE_USER').default('ROLE_USER'),
});

/** What the document says of the body: also what a message is, which `parseNewTask` checks by itself, to name its fields. */
export const describedTaskBody = newTaskBody.extend({
  message: z.union([z.string().describe('The text of a message.'), ownMessageSchema]),
});

/** Under an idempotency key a message without an id always gets the same. Throws INVALID_ARGUMENT, naming the field. */
export function parseNewTask(value: unknown, idempotencyKey: string | undefined): NewTaskRequest {
  const body = parse(newTaskBody, value);
  const sessionId = body.sessionId ?? undefined;
  const message = toMessage(
    body.message,
    idempotencyKey === undefined ? newId() : derivedId(`message of ${idempotencyKey}`),
  );
  if (sessionId !== undefined && message.contextId !== undefined && message.contextId !== sessionId) {
    throw invalidArgument('message.contextId', 'the same as sessionId, or none');
  }
  return {
    message: { ...message, contextId: sessionId ?? message.contextId },
    sessionId,
    metadata: body.metadata ?? undefined,
    question: body.question ?? undefined,
    wait: body.wait ?? false,
    startAt: body.startAt,
    priority: body.priority,
    maxTokens: body.maxTokens,
    maxCost: body.maxCost,
  };
}

function toMessage(given: string | Readonly<Record<string, unknown>>, messageId: string): Message {
  if (typeof given === 'string') {
    if (isNothing(given)) throw invalidArgument('message', 'text that is not empty');
    return { messageId, role: 'ROLE_USER', parts: [{ text: given }] };
  }
  const message = parse(ownMessageSchema, fromProtoJson(messageShape, given, 'message'), 'message');
  // The same message in its other form.
  if (message.parts.every(({ text }) => text !== undefined && isNothing(text))) {
    throw invalidArgument('message.parts', 'text that is not empty, data or a file');
  }
  return { ...message, messageId: message.messageId || messageId };
}
