/** AG-UI's RunAgentInput: what of it is said to the agent, and in which thread. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isNothing } from '@continuo/agent/internal/platform/text.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { Saying } from '../take-over.js';
import { contentParts, contentSchema } from './content-parts.js';

const id = z.string().min(1).max(256);

const messageSchema = z.looseObject({ id, role: z.string().max(64), content: z.unknown().optional() });

const resumeSchema = z
  .array(z.object({ interruptId: id, status: z.enum(['resolved', 'cancelled']), payload: z.unknown().optional() }))
  .max(1, 'expected one answer: a run waits for one');

/** Only what is looked at. */
const runSchema = z.object({
  threadId: id,
  runId: id,
  messages: z.array(messageSchema),
  state: z.unknown().optional(),
  context: z.array(z.unknown()).nullish(),
  forwardedProps: z.unknown().optional(),
  resume: resumeSchema.nullish(),
});

export type SentMessage = z.output<typeof messageSchema>;

export interface RunInput {
  readonly threadId: string;
  readonly runId: string;
  /** As the client has them. */
  readonly messages: readonly SentMessage[];
  /** What the user has said last; undefined where that is nothing. */
  readonly said: { readonly messageId: string; readonly parts: readonly Part[] } | undefined;
  /** What was said before it. */
  readonly history: readonly Saying[];
  readonly answer: InterruptAnswer | undefined;
  /** What the application tells the agent beside the message. */
  readonly given: Readonly<Record<string, unknown>>;
}

export interface InterruptAnswer {
  readonly interruptId: string;
  readonly isCancelled: boolean;
  /** Undefined without a payload: what the user has said is the answer. */
  readonly parts: readonly Part[] | undefined;
}

/** Throws INVALID_ARGUMENT, naming the field. */
export function parseRun(body: unknown): RunInput {
  const { threadId, runId, messages, state, context, forwardedProps, resume } = parse(runSchema, body);
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const spoken = messages[last];
  const said =
    spoken === undefined ? undefined : { messageId: spoken.id, parts: partsOf(spoken, `messages[${last}].content`) };
  const [answer] = resume ?? [];
  if (answer === undefined && (said === undefined || isEmpty(said.parts))) {
    throw invalidArgument('messages', 'a message of the user, with text that is not empty or a file');
  }
  const given = { state, context, forwardedProps };
  return {
    threadId,
    runId,
    messages,
    said: said === undefined || isEmpty(said.parts) ? undefined : said,
    history: messages.slice(0, Math.max(last, 0)).flatMap(toSaying),
    answer: answer === undefined ? undefined : toAnswer(answer),
    given: Object.fromEntries(Object.entries(given).filter(([, value]) => !isEmptyValue(value))),
  };
}

/** Nothing of system messages, tools, reasoning and activities: they are the agent's own. */
function toSaying(message: SentMessage, index: number): readonly Saying[] {
  const { role } = message;
  if (role !== 'user' && role !== 'assistant') return [];
  const parts = partsOf(message, `messages[${index}].content`);
  return isEmpty(parts) ? [] : [{ role, parts }];
}

function toAnswer({ interruptId, status, payload }: z.output<typeof resumeSchema>[number]): InterruptAnswer {
  const isText = typeof payload === 'string';
  const isGiven = payload !== undefined && payload !== null && !(isText && isNothing(payload));
  const parts = isGiven ? [isText ? { text: payload } : { data: payload }] : undefined;
  return { interruptId, isCancelled: status === 'cancelled', parts };
}

function partsOf({ content }: SentMessage, field: string): readonly Part[] {
  return contentParts(parse(contentSchema.nullish(), content, field), field);
}

function isEmpty(parts: readonly Part[]): boolean {
  return parts.every(({ text }) => text !== undefined && isNothing(text));
}

function isEmptyValue(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
