/** The body of `POST /v1/chat/completions`: what of it is said to the agent, and what can't be had here. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { isNothing } from '@continuo/agent/internal/platform/text.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { contentParts, contentSchema } from './content-parts.js';

const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: contentSchema.nullish(),
});

/** Only what is looked at: clients send much that is the model's, and an agent has a model of its own. */
const chatSchema = z.object({
  model: z.string().min(1).max(256),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, { error: 'expected 1: an agent answers once' }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  response_format: z
    .object({ type: z.literal('text', { error: 'expected text: the form of an answer is the agent’s own' }) })
    .nullish(),
  modalities: z.array(z.literal('text', { error: 'expected text alone' })).nullish(),
  logprobs: z.literal(false, { error: 'expected false: an agent has no log probabilities' }).nullish(),
  tool_choice: z.enum(['none', 'auto'], { error: 'expected none or auto: an agent uses tools of its own' }).nullish(),
});

/** One thing that was said before. */
export interface EarlierMessage {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly Part[];
}

export interface ChatRequest {
  /** `type/name`. */
  readonly agent: string;
  /** What the client resends of the conversation, without instructions and tools. */
  readonly history: readonly EarlierMessage[];
  /** What is said now: all that the user has said since the last answer. */
  readonly parts: readonly Part[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** The session that `metadata.session_id` names. */
  readonly sessionId: string | undefined;
}

const sessionSchema = z.string().min(1).max(256);

/** Throws INVALID_ARGUMENT, naming the field. */
export function parseChat(body: unknown): ChatRequest {
  const given = parse(chatSchema, body);
  const said = given.messages.flatMap(({ role, content }, index): readonly EarlierMessage[] => {
    if (role !== 'user' && role !== 'assistant') return [];
    return [{ role, parts: contentParts(content, `messages[${index}].content`) }];
  });
  const lastAnswer = said.findLastIndex(({ role }) => role === 'assistant');
  const parts = said.slice(lastAnswer + 1).flatMap((message) => message.parts);
  if (parts.every(({ text }) => text !== undefined && isNothing(text))) {
    throw invalidArgument('messages', 'a message of the user at the end, with text that is not empty or a file');
  }
  const { session_id: sessionId } = given.metadata ?? {};
  return {
    agent: given.model,
    history: said.slice(0, lastAnswer + 1),
    parts,
    stream: given.stream ?? false,
    includeUsage: given.stream_options?.include_usage ?? false,
    sessionId: sessionId === undefined ? undefined : parse(sessionSchema, sessionId, 'metadata.session_id'),
  };
}
