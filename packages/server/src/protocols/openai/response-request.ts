/** The body of `POST /v1/responses`: what of it is said to the agent, and what can't be had here. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { isStorableText } from '@continuo/agent/internal/platform/storable.js';
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import { conversationOf, type Item } from './conversation.js';
import { contentParts, contentSchema } from './content-parts.js';
import { NO_LOGPROBS, topLogprobs } from './log-probabilities.js';
import { mostTokens } from './most-tokens.js';
import type { Asked } from './take-turn.js';
import { toolChoice, toolsOfResponse } from './tools.js';
import type { Wishes } from './wishes.js';
import { longListOf } from '../long-list.js';

const itemSchema = z.object({
  type: z.string().nullish(),
  role: z.enum(['system', 'developer', 'user', 'assistant']).nullish(),
  content: z.unknown().optional(),
  call_id: z.string().max(256).nullish(),
  output: z.unknown().optional(),
});

const sessionSchema = z.string().min(1).max(256);
const storable = z.string().refine(isStorableText, 'expected text without U+0000, in well-formed Unicode');
const keptMetadata = z.record(storable, storable);
const TEXT = 'expected text: the form of an answer is the agent’s own';

/** Only what is looked at: clients send much that is the model's, and an agent has a model of its own. */
const responseSchema = z.object({
  model: z.string().min(1).max(256),
  input: z.union([z.string(), longListOf(itemSchema, 1)], { error: 'expected text, or an array of items' }),
  previous_response_id: z.string().max(256).nullish(),
  conversation: z.union([sessionSchema, z.object({ id: sessionSchema })]).nullish(),
  stream: z.boolean().nullish(),
  background: z.boolean().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  text: z.object({ format: z.object({ type: z.literal('text', { error: TEXT }) }).nullish() }).nullish(),
  prompt: z.null({ error: 'expected none: an agent has instructions of its own' }).optional(),
  include: longListOf(
    z.string().refine((name) => name !== 'message.output_text.logprobs', `expected something else: ${NO_LOGPROBS}`),
  ).nullish(),
  top_logprobs: topLogprobs,
  max_output_tokens: mostTokens,
  store: z.boolean().nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: toolChoice,
});

export interface ResponseRequest extends Asked {
  readonly previous: string | undefined;
  readonly wishes: Wishes;
}

/** Throws INVALID_ARGUMENT, naming the field. */
export function parseResponse(body: unknown): ResponseRequest {
  const given = parse(responseSchema, body);
  const { previous_response_id: previous, conversation, metadata } = given;
  if (previous != null && conversation != null) {
    throw invalidArgument('conversation', 'none beside previous_response_id, which is in a conversation already');
  }
  const items: readonly Item[] =
    typeof given.input === 'string' ? [{ role: 'user', parts: [{ text: given.input }] }] : given.input.flatMap(toItem);
  const named = typeof conversation === 'string' ? conversation : conversation?.id;
  const { session_id: inMetadata } = metadata ?? {};
  return {
    agent: given.model,
    ...conversationOf(items, 'input'),
    tools: () => (given.tool_choice === 'none' ? [] : toolsOfResponse(given.tools ?? [])),
    previous: previous ?? undefined,
    sessionId:
      named ?? (inMetadata === undefined ? undefined : parse(sessionSchema, inMetadata, 'metadata.session_id')),
    stream: given.stream ?? false,
    wishes: wishesOf(given),
  };
}

function wishesOf(given: z.output<typeof responseSchema>): Wishes {
  const { background, store, previous_response_id: previous, max_output_tokens: most, metadata } = given;
  if (background === true && store === false) {
    throw invalidArgument('store', 'true, or none: a response in the background is there to be retrieved');
  }
  const texts = Object.entries(metadata ?? {}).filter(([, value]) => typeof value === 'string');
  return {
    background: background ?? false,
    store: store ?? true,
    maxOutputTokens: most ?? undefined,
    metadata: parse(keptMetadata, Object.fromEntries(texts), 'metadata'),
    previousResponseId: previous ?? undefined,
  };
}

/** Nothing of reasoning and references, which are the agent's own. A call stands where the agent has spoken. */
function toItem(
  { type, role, content, call_id: callId, output }: z.output<typeof itemSchema>,
  index: number,
): readonly Item[] {
  const at = `input[${index}]`;
  const partsIn = (value: unknown, field: string) => contentParts(parse(contentSchema.nullish(), value, field), field);
  if (type === 'function_call') return [{ role: 'assistant', parts: [] }];
  if (type === 'function_call_output') {
    const text = textOf(partsIn(output, `${at}.output`));
    return [{ role: 'tool', result: { callId: callId ?? '', output: text, field: `${at}.call_id` } }];
  }
  if ((type ?? 'message') !== 'message' || (role !== 'user' && role !== 'assistant')) return [];
  return [{ role, parts: partsIn(content, `${at}.content`) }];
}
