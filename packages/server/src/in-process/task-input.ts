/** What `Agents` is told to say to an agent, as the API would be told. */
import { parseNewTask, type NewTaskRequest } from '../api/new-task.js';
import { agentOptionsOf, agentOptionsSchema } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { requireKnown } from '../platform/known-fields.js';
import { onceOptions, type Once } from './options.js';
import type { AgentReference } from './typed-answer.js';

/** What is said: text, data, or parts as A2A writes them; of several all, in this order, and at least one of them. */
export interface Saying extends Once {
  /** Not blank. */
  readonly text?: string | undefined;
  /** Anything that JSON can hold; what the agent reads as `task.data`. */
  readonly data?: unknown;
  /** As `{ text }`, `{ data }`, `{ url, mediaType }` or `{ raw }` (Base64), after `text` and `data`. */
  readonly parts?: readonly Part[] | undefined;
  /** Up to 256 characters. The same of the same caller is said once, however often it is sent. Default: a new one. */
  readonly messageId?: string | undefined;
  /** Goes into the metadata of the task. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Ends the wait, with its reason; the task goes on. */
  readonly signal?: AbortSignal | undefined;
}

export interface AgentInput extends Saying {
  /** A session that exists, up to 256 characters; the call becomes a part of it. Default: a new one. */
  readonly sessionId?: string | undefined;
  /** The same, where the session is made when it doesn't exist. Default: a new one. */
  readonly contextId?: string | undefined;
  /** When the task is to begin: ISO 8601 with an offset, as `2026-01-31T12:00:00Z`. Default: now. */
  readonly startAt?: string | undefined;
  /** Before which others it runs: 1 goes first, 1000 last. Default: 100. */
  readonly priority?: number | undefined;
  /** Tokens of language models, in and out, that the task may take with all that it calls; whole, 1 or more. Default: any. */
  readonly maxTokens?: number | undefined;
  /** US dollars that it may cost, the same; more than 0. Default: any. */
  readonly maxCost?: number | undefined;
}

const saying = {
  text: true,
  data: true,
  parts: true,
  messageId: true,
  metadata: true,
  idempotencyKey: true,
  signal: true,
} as const satisfies Record<keyof Saying, true>;

const input = {
  ...saying,
  sessionId: true,
  contextId: true,
  startAt: true,
  priority: true,
  maxTokens: true,
  maxCost: true,
} as const satisfies Record<keyof AgentInput, true>;

/** A string is its text. Throws INVALID_ARGUMENT, naming the field that there isn't. */
export function toInput(given: string | AgentInput): AgentInput {
  return known(given, input);
}

/** The same of what answers a question: the task is there already. */
export function toSaying(given: string | Saying): Saying {
  return known(given, saying);
}

function known<Said extends Saying>(given: string | Said, names: Record<keyof Required<Said>, true>): Said | Saying {
  if (typeof given === 'string') return { text: given };
  if (typeof given !== 'object' || given === null) throw invalidArgument('input', 'text, or what is said by its kinds');
  requireKnown(given, names);
  parse(onceOptions, { idempotencyKey: given.idempotencyKey });
  return given;
}

/** Throws INVALID_ARGUMENT, naming the field. */
export function toRequest(given: AgentInput): NewTaskRequest {
  const { sessionId, contextId, messageId, metadata, startAt, priority, maxTokens, maxCost, idempotencyKey } = given;
  const message = { messageId, contextId, parts: partsOf(given) };
  return parseNewTask({ message, sessionId, metadata, startAt, priority, maxTokens, maxCost }, idempotencyKey);
}

function partsOf({ text, data, parts = [] }: Saying): readonly Part[] {
  return [...(text === undefined ? [] : [{ text }]), ...(data === undefined ? [] : [{ data }]), ...parts];
}

const agentName = agentOptionsSchema.pick({ type: true, name: true });

/** `type/name`. Throws AGENT_INVALID for a class without `@A2AAgent`. */
export function keyOf(agent: AgentReference): string {
  if (typeof agent === 'string') return agent;
  const { data } = agentName.safeParse(agentOptionsOf(agent));
  if (data !== undefined) return `${data.type}/${data.name}`;
  throw new ContinuoError('AGENT_INVALID', `${agent.name} is no agent: expected a class with @A2AAgent, or type/name.`);
}
