/** The body of `POST /v1/chat/completions`: what of it is said to the agent, and what can't be had here. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { textOf } from '@continuo/agent/internal/sessions/message.js';
import type { Bounds } from './bounded-text.js';
import { conversationOf, type Item } from './conversation.js';
import { contentParts, contentSchema } from './content-parts.js';
import { NO_LOGPROBS, topLogprobs } from './log-probabilities.js';
import { mostTokens } from './most-tokens.js';
import type { Asked } from './take-turn.js';
import { toolChoice, toolsOfChat } from './tools.js';
import { longListOf } from '../long-list.js';

const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: contentSchema.nullish(),
  tool_call_id: z.string().max(256).nullish(),
});

const MOST_STOPS = 4;
const MOST_STOP_CHARACTERS = 256;

function isStop(value: unknown): boolean {
  const words: readonly unknown[] = Array.isArray(value) ? value : [value];
  return (
    words.length <= MOST_STOPS && words.every((word) => typeof word === 'string' && word.length <= MOST_STOP_CHARACTERS)
  );
}

/** Only what is looked at: clients send much that is the model's, and an agent has a model of its own. */
const chatSchema = z.object({
  model: z.string().min(1).max(256),
  messages: longListOf(messageSchema, 1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, { error: 'expected 1: an agent answers once' }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  response_format: z
    .object({ type: z.literal('text', { error: 'expected text: the form of an answer is the agent’s own' }) })
    .nullish(),
  modalities: longListOf(z.literal('text', { error: 'expected text alone' })).nullish(),
  logprobs: z.literal(false, { error: `expected false: ${NO_LOGPROBS}` }).nullish(),
  top_logprobs: topLogprobs,
  max_tokens: mostTokens,
  max_completion_tokens: mostTokens,
  stop: z.custom<string | readonly string[]>(isStop, 'expected a text, or up to four').nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: toolChoice,
  /** What `tools` and `tool_choice` were called before. */
  functions: z.array(z.unknown()).nullish(),
  function_call: toolChoice,
});

export interface ChatRequest extends Asked {
  readonly includeUsage: boolean;
  readonly bounds: Bounds;
}

const sessionSchema = z.string().min(1).max(256);

/** Throws INVALID_ARGUMENT, naming the field. */
export function parseChat(body: unknown): ChatRequest {
  const given = parse(chatSchema, body);
  const { session_id: sessionId } = given.metadata ?? {};
  return {
    agent: given.model,
    ...conversationOf(given.messages.flatMap(toItem), 'messages'),
    tools: () => offeredIn(given),
    stream: given.stream ?? false,
    includeUsage: given.stream_options?.include_usage ?? false,
    bounds: boundsIn(given),
    sessionId: sessionId === undefined ? undefined : parse(sessionSchema, sessionId, 'metadata.session_id'),
  };
}

function boundsIn({ max_tokens: old, max_completion_tokens: most, stop }: z.output<typeof chatSchema>): Bounds {
  const words = typeof stop === 'string' ? [stop] : (stop ?? []);
  return { mostTokens: Math.min(old ?? Infinity, most ?? Infinity), stop: words.filter((word) => word !== '') };
}

/** Functions in their old form would be answered in an old form as well. */
function offeredIn({ tools, tool_choice: chosen, functions, function_call: called }: z.output<typeof chatSchema>) {
  if ((functions ?? []).length > 0 && called !== 'none') throw invalidArgument('functions', 'tools in their place');
  return chosen === 'none' ? [] : toolsOfChat(tools ?? []);
}

function toItem(
  { role, content, tool_call_id: callId }: z.output<typeof messageSchema>,
  index: number,
): readonly Item[] {
  if (role !== 'user' && role !== 'assistant' && role !== 'tool') return [];
  const at = `messages[${index}]`;
  const parts = contentParts(content, `${at}.content`);
  if (role !== 'tool') return [{ role, parts }];
  return [{ role, result: { callId: callId ?? '', output: textOf(parts), field: `${at}.tool_call_id` } }];
}
