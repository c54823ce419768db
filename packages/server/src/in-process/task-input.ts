/** What `Agents` is told to say to an agent, as the API would be told. */
import { parseNewTask, type NewTaskRequest } from '../api/new-task.js';
import { agentOptionsOf, agentOptionsSchema } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { AgentReference } from './typed-answer.js';

/** What is said: text, data, or parts as A2A writes them; of several all, in this order. */
export interface Saying {
  readonly text?: string | undefined;
  /** JSON. */
  readonly data?: unknown;
  readonly parts?: readonly Part[] | undefined;
  /** The same of the same caller is said once, however often it is sent. Default: a new one. */
  readonly messageId?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** The same key of the same caller does it once, however often it is asked for. */
  readonly idempotencyKey?: string | undefined;
  /** Ends the wait, with its reason; the task goes on. */
  readonly signal?: AbortSignal | undefined;
}

export interface AgentInput extends Saying {
  /** A session that exists; the call becomes a part of it. */
  readonly sessionId?: string | undefined;
  /** The same, where the session is made when it doesn't exist. Default: a new one. */
  readonly contextId?: string | undefined;
  /** When the task is to begin, ISO 8601. Default: now. */
  readonly startAt?: string | undefined;
  /** Before which others, lower first. */
  readonly priority?: number | undefined;
  /** Tokens of language models that the task may take with all that it calls. Default: any. */
  readonly maxTokens?: number | undefined;
  /** US dollars, the same. */
  readonly maxCost?: number | undefined;
}

/** Throws INVALID_ARGUMENT, naming the field. */
export function toRequest(input: AgentInput): NewTaskRequest {
  const { sessionId, contextId, messageId, metadata, startAt, priority, maxTokens, maxCost, idempotencyKey } = input;
  const message = { messageId, contextId, parts: partsOf(input) };
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
