/** From a request of OpenAI's APIs to the turn of a task, and the headers that name it. */
import type { Request, Response } from 'express';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../../calls/idempotency.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import type { Caller } from '../../platform/caller.js';
import { addressOf } from '../../platform/host-header.js';
import { answering } from '../client-tools.js';
import { callerFor, requireAgent } from '../named-agent.js';
import { offering, type OfferedFunction } from '../offered-tools.js';
import type { ProtocolParts } from '../protocol.js';
import { taskUrl } from '../serve-turn.js';
import { messageOfKey, Turns, type TurnTaken } from '../turns.js';
import type { Conversation } from './conversation.js';
import { Conversations } from './conversations.js';
import { DONT_RETRY, SESSION_HEADER, TASK_HEADER } from './headers.js';

/** What the bodies of both APIs have. */
export interface Asked extends Conversation {
  /** `type/name`. */
  readonly agent: string;
  readonly stream: boolean;
  /** The session that the body names. */
  readonly sessionId: string | undefined;
  /** Goes into the metadata of the message. */
  readonly messageMetadata?: Message['metadata'];
  /** What it offers. Throws INVALID_ARGUMENT: an agent that takes no tools doesn't look at them. */
  readonly tools: () => readonly OfferedFunction[];
}

export interface Taken {
  readonly caller: Caller;
  readonly turn: TurnTaken;
  readonly taskUrl: string;
}

export class TakeTurn {
  readonly #turns: Turns;
  readonly #conversations: Conversations | undefined;

  constructor(private readonly parts: ProtocolParts) {
    this.#turns = new Turns(parts);
    this.#conversations = parts.sessions === undefined ? undefined : new Conversations(parts.sessions);
  }

  /** `before`: the session that the turn goes on in, where the body names what was said there. Throws what `Turns.take` throws. */
  async take(
    request: Request,
    response: Response,
    asked: Asked,
    before: () => Promise<string | undefined> = () => Promise.resolve(undefined),
  ): Promise<Taken> {
    const { config, registry, limits, tasks } = this.parts;
    const { agent, parts, results, field, messageMetadata } = asked;
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const caller = callerFor(request, 'write', agent);
    requireAgent(registry, agent, 'model');
    if (asked.stream) limits.countStream(caller, response);
    const options = { idempotencyKey: key, requestUrl: () => addressOf(request) };
    let turn: TurnTaken;
    let contextId: string;
    if (results.length > 0) {
      const answer = await answering(tasks, caller, { agent, results, field });
      ({ contextId } = answer);
      const said = { agent, messageMetadata, ...answer, options: { ...options, ...answer.options } };
      turn = await this.#turns.take(caller, said);
    } else {
      const messageId = key === undefined ? undefined : messageOfKey(key);
      const named = (await before()) ?? request.get(SESSION_HEADER) ?? asked.sessionId;
      const offered = offering(registry, agent, asked.tools);
      const found = named === undefined ? await this.#conversations?.sessionFor(caller, asked, messageId) : undefined;
      contextId = named ?? found?.contextId ?? newId();
      const said = { agent, contextId, parts, messageId, messageMetadata, options: { ...options, ...offered } };
      turn = await this.#turns.take(caller, said).catch(async (error: unknown) => {
        if (found?.begun === true) await this.parts.sessions?.giveUp(caller, contextId).catch(() => undefined);
        throw error;
      });
    }
    response.setHeader(SESSION_HEADER, contextId);
    response.setHeader(TASK_HEADER, turn.taskId);
    response.setHeader(...DONT_RETRY);
    return { caller, turn, taskUrl: taskUrl(request, config, turn.taskId) };
  }
}
