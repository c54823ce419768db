/** The body of `POST /v1/responses`: what of it is said to the agent, and what can't be had here. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { conversationOf, type Conversation } from './conversation.js';
import { contentParts, contentSchema } from './content-parts.js';

const itemSchema = z.object({
  type: z.string().nullish(),
  role: z.enum(['system', 'developer', 'user', 'assistant']).nullish(),
  content: z.unknown(),
});

const sessionSchema = z.string().min(1).max(256);
const TEXT = 'expected text: the form of an answer is the agent’s own';

/** Only what is looked at: clients send much that is the model's, and an agent has a model of its own. */
const responseSchema = z.object({
  model: z.string().min(1).max(256),
  input: z.union([z.string(), z.array(itemSchema).min(1)], { error: 'expected text, or an array of items' }),
  previous_response_id: z.string().max(256).nullish(),
  conversation: z.union([sessionSchema, z.object({ id: sessionSchema })]).nullish(),
  stream: z.boolean().nullish(),
  background: z.boolean().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  text: z.object({ format: z.object({ type: z.literal('text', { error: TEXT }) }).nullish() }).nullish(),
  tool_choice: z.enum(['none', 'auto'], { error: 'expected none or auto: an agent uses tools of its own' }).nullish(),
});

export interface ResponseRequest extends Conversation {
  /** `type/name`. */
  readonly agent: string;
  readonly previous: string | undefined;
  /** The session that `conversation` or `metadata.session_id` names. */
  readonly sessionId: string | undefined;
  readonly stream: boolean;
  /** Answers at once, while the agent works. */
  readonly background: boolean;
}

/** Throws INVALID_ARGUMENT, naming the field. */
export function parseResponse(body: unknown): ResponseRequest {
  const given = parse(responseSchema, body);
  const { previous_response_id: previous, conversation, metadata } = given;
  if (previous != null && conversation != null) {
    throw invalidArgument('conversation', 'none beside previous_response_id, which is in a conversation already');
  }
  const items = typeof given.input === 'string' ? [{ role: 'user' as const, content: given.input }] : given.input;
  const named = typeof conversation === 'string' ? conversation : conversation?.id;
  const { session_id: inMetadata } = metadata ?? {};
  return {
    agent: given.model,
    ...conversationOf(items.flatMap(toSaying), 'input'),
    previous: previous ?? undefined,
    sessionId:
      named ?? (inMetadata === undefined ? undefined : parse(sessionSchema, inMetadata, 'metadata.session_id')),
    stream: given.stream ?? false,
    background: given.background ?? false,
  };
}

type Item = z.output<typeof itemSchema>;

/** Nothing of calls, reasoning and references: they are the agent's own. */
function toSaying(
  { type, role, content }: Item | { readonly role: 'user'; readonly content: string; readonly type?: undefined },
  index: number,
) {
  if ((type ?? 'message') !== 'message' || (role !== 'user' && role !== 'assistant')) return [];
  const field = `input[${index}].content`;
  return [{ role, parts: contentParts(parse(contentSchema.nullish(), content, field), field) }];
}
