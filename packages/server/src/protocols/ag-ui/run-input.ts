/** AG-UI's RunAgentInput: what of it is said to the agent, and in which thread. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isNothing } from '@continuo/agent/internal/platform/text.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import { questionOfCall, type ClientResult } from '../client-tools.js';
import { functionSchema, type OfferedFunction } from '../offered-tools.js';
import type { Saying } from '../take-over.js';
import { longListOf } from '../long-list.js';
import { contentParts, contentSchema } from './content-parts.js';

const id = z.string().min(1).max(256);

const messageSchema = z.looseObject({
  id,
  role: z.string().max(64),
  content: z.unknown().optional(),
  toolCallId: z.string().max(256).optional(),
  error: z.string().optional(),
});

const answerSchema = z.object({
  interruptId: id,
  status: z.enum(['resolved', 'cancelled']),
  payload: z.unknown().optional(),
});
const resumeSchema = longListOf(answerSchema).refine(
  ({ length }) => length <= 1,
  'expected one answer: a run waits for one',
);

/** Only what is looked at. */
const runSchema = z.object({
  threadId: id,
  runId: id,
  messages: longListOf(messageSchema),
  state: z.unknown().optional(),
  tools: z.array(z.unknown()).nullish(),
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
  /** What the client's tools have given since; then nothing else is said. */
  readonly results: readonly ClientResult[];
  readonly answer: InterruptAnswer | undefined;
  /** What it offers. Throws INVALID_ARGUMENT: an agent that takes no tools doesn't look at them. */
  readonly tools: () => readonly OfferedFunction[];
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
  const { threadId, runId, messages, state, tools, context, forwardedProps, resume } = parse(runSchema, body);
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const spoken = messages[last];
  const said =
    spoken === undefined ? undefined : { messageId: spoken.id, parts: partsOf(spoken, `messages[${last}].content`) };
  const [answer] = resume ?? [];
  const results = resultsOf(messages, last);
  if (answer === undefined && results.length === 0 && (said === undefined || isEmpty(said.parts))) {
    throw invalidArgument('messages', 'a message of the user, with text that is not empty or a file');
  }
  const given = { state, context, forwardedProps };
  return {
    threadId,
    runId,
    messages,
    said: said === undefined || isEmpty(said.parts) ? undefined : said,
    history: messages.slice(0, Math.max(last, 0)).flatMap(toSaying),
    results,
    answer: answer === undefined ? undefined : toAnswer(answer),
    tools: () => parse(longListOf(functionSchema), tools ?? [], 'tools'),
    given: Object.fromEntries(Object.entries(given).filter(([, value]) => !isEmptyValue(value))),
  };
}

/** Those behind the user's last message that answer the question which was asked last. */
function resultsOf(messages: readonly SentMessage[], last: number): readonly ClientResult[] {
  const results = messages.flatMap((message, index): readonly ClientResult[] => {
    const { role, toolCallId: callId = '', error } = message;
    if (role !== 'tool' || index < last || questionOfCall(callId) === undefined) return [];
    const at = `messages[${index}]`;
    return [{ callId, output: textOf(partsOf(message, `${at}.content`)), error, field: `${at}.toolCallId` }];
  });
  const asked = questionOfCall(results.at(-1)?.callId ?? '');
  return results.filter(({ callId }) => questionOfCall(callId) === asked);
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
