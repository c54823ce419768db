/** What serves each agent's operations, whatever transport they come by: one request handler for each agent. */
import type { AgentCard } from '@a2a-js/sdk';
import { agentOptionsSchema } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { AgentRegistry, RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { AnswerRoom } from '../platform/answer-room.js';
import type { Caller } from '../platform/caller.js';
import { agentCard } from './agent-card.js';
import { callOf } from './call-context.js';
import type { Discovery } from './discovery.js';
import { DurableRequestHandler, type HandlerOptions } from './durable-request-handler.js';

export interface AgentHandlersOptions extends Pick<
  HandlerOptions,
  'calls' | 'tasks' | 'pushConfigs' | 'idempotency' | 'blockingTimeoutMs' | 'limits' | 'log' | 'sseHeartbeatMs'
> {
  readonly registry: AgentRegistry;
  readonly discovery: Discovery;
  /** Bytes of content that one answer may carry. */
  readonly answerBytes: number;
}

export class AgentHandlers {
  readonly #handlers = new Map<string, DurableRequestHandler>();
  readonly #room: AnswerRoom;

  constructor(private readonly options: AgentHandlersOptions) {
    this.#room = new AnswerRoom(options, systemClock);
  }

  /** Whether `caller` may ask `agent`, `type/name`, here: an instance that lacks it serves those who have tasks of it. */
  async serves(agent: string, caller: Caller): Promise<boolean> {
    return this.options.registry.has(agent) || this.options.tasks.hasOf(caller, agent);
  }

  of(agent: string): DurableRequestHandler {
    const known = this.#handlers.get(agent);
    if (known !== undefined) return known;
    const handler = this.#make(agent);
    this.#handlers.set(agent, handler);
    return handler;
  }

  #make(key: string): DurableRequestHandler {
    const { registry, discovery } = this.options;
    let last: { readonly agent: RegisteredAgent | undefined; readonly card: AgentCard } | undefined;
    // The SDK asks for it with every request over HTTP+JSON.
    const cardOf = (agent: RegisteredAgent | undefined): AgentCard => {
      if (last === undefined || last.agent !== agent) {
        last = { agent, card: agentCard(agent ?? elsewhere(key), discovery.context()) };
      }
      return last.card;
    };
    return new DurableRequestHandler({
      ...this.options,
      room: this.#room,
      agent: key,
      card: () => cardOf(registry.has(key) ? registry.get(key) : undefined),
      repliesWithMessage: () => registry.has(key) && registry.get(key).description.replyWithMessage,
      extendedCard: (context) => discovery.extendedCard(registry.get(key), callOf(context)),
    });
  }
}

/** What is said here of an agent that this instance lacks. */
function elsewhere(key: string) {
  const [type, name] = key.split('/');
  return { key, description: agentOptionsSchema.parse({ type, name, description: 'An agent of other instances.' }) };
}
