/** `/ai-sdk/:type/:name`: turns with an agent as AI SDK's UI message streams, resumed on any instance, and cancelled. */
import { Router, type Request, type Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { LogEvent } from '@continuo/agent/internal/tasks/task-event.js';
import { isSettled } from '@continuo/agent/internal/tasks/task-state.js';
import { USAGE_EXTENSION } from '@continuo/agent/internal/tasks/usage.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../../calls/idempotency.js';
import type { Caller, Scope } from '../../platform/caller.js';
import { addressOf } from '../../platform/host-header.js';
import { readBody } from '../../platform/read-body.js';
import type { SseFrame } from '../../platform/sse.js';
import { sessionKey } from '../../sessions/append-messages.js';
import { bare } from '../../tasks/read-tasks.js';
import { callerOfPath, requireAgent } from '../named-agent.js';
import type { ProtocolParts } from '../protocol.js';
import { said, type Settled } from '../said.js';
import { endTask, sendFrames, taskUrl } from '../serve-turn.js';
import { takeOverUnknown } from '../take-over.js';
import { messageOfKey, Turns } from '../turns.js';
import { parseChat } from './chat-request.js';
import { chunkId, placeOf } from './chunk-id.js';
import { Chunks, type Chunk, type ShownTurn } from './chunks.js';

const STREAM = '/:type/:name/:chatId/stream';
const PROTOCOL = ['x-vercel-ai-ui-message-stream', 'v1'] as const;

export function chatRoutes(parts: ProtocolParts): Router {
  const chats = new Chats(parts);
  return Router()
    .post('/:type/:name', (request, response) => chats.say(request, response))
    .get(STREAM, (request, response) => chats.resume(request, response))
    .delete(STREAM, (request, response) => chats.cancel(request, response));
}

type Params = Readonly<Record<'type' | 'name' | 'chatId', string>>;

/** A turn that a caller may read. */
interface Reading extends ShownTurn {
  readonly caller: Caller;
  /** The client has everything up to the chunk with this number; -1: nothing. */
  readonly after: number;
}

interface Chat {
  readonly caller: Caller;
  /** `type/name`. */
  readonly agent: string;
  readonly chatId: string;
}

class Chats {
  readonly #turns: Turns;

  constructor(private readonly parts: ProtocolParts) {
    this.#turns = new Turns(parts);
  }

  async say(request: Request<Pick<Params, 'type' | 'name'>>, response: Response): Promise<void> {
    const { config, limits, registry, sessions } = this.parts;
    const { agent, caller } = callerOfPath(request, 'write');
    requireAgent(registry, agent, 'agent');
    const place = placeOf(request.get('Last-Event-ID'));
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const { chatId, parts, history, isAgain, messageId: ownId } = parseChat(await readBody(request, response, config));
    const messageId = ownId ?? (key === undefined ? undefined : messageOfKey(key));
    limits.countStream(caller, response);
    await takeOverUnknown(sessions, caller, { agent, contextId: chatId, history });
    if (isAgain && !(await this.#has({ caller, agent, chatId }, messageId))) {
      await this.#giveUp({ caller, agent, chatId });
    }
    const options = { idempotencyKey: key, requestUrl: () => addressOf(request) };
    const turn = await this.#turns.take(caller, { agent, contextId: chatId, parts, messageId, options });
    const isSeen = place?.taskId === turn.taskId && place.seq === turn.seq;
    const after = isSeen ? place.number : -1;
    const reading = { ...turn, caller, after, taskUrl: taskUrl(request, config, turn.taskId) };
    this.#stream(response, reading, (signal) => this.#turns.follow(turn, signal));
  }

  /** The turn that runs, from its beginning; or that of the chunk that was seen last, behind it. */
  async resume(request: Request<Params>, response: Response): Promise<void> {
    const { config, limits, tasks } = this.parts;
    const chat = chatOf(request, 'read');
    const { caller } = chat;
    const place = placeOf(request.get('Last-Event-ID'));
    const turn = place === undefined ? await this.#running(chat) : { ...place, ...(await this.#ofChat(chat, place)) };
    if (turn === undefined) {
      response.status(204).end();
      return;
    }
    limits.countStream(caller, response);
    const { taskId, seq } = turn;
    const reading = { taskId, seq, caller, after: place?.number ?? -1, taskUrl: taskUrl(request, config, taskId) };
    this.#stream(response, reading, (signal) => tasks.follow(taskId, seq, signal));
  }

  /** Ends the task of the last turn, unless it has ended before. */
  async cancel(request: Request<Params>, response: Response): Promise<void> {
    await this.#giveUp(chatOf(request, 'write'));
    response.status(204).end();
  }

  async #has({ caller, chatId }: Chat, messageId: string | undefined): Promise<boolean> {
    const { sessions } = this.parts;
    if (sessions === undefined || messageId === undefined) return false;
    return (await sessions.message(sessionKey(caller, chatId), messageId)) !== undefined;
  }

  async #giveUp(chat: Chat): Promise<void> {
    const last = await this.#last(chat);
    if (last !== undefined) await endTask(this.parts, chat.caller, last.taskId);
  }

  async #running(chat: Chat) {
    const last = await this.#last(chat);
    return last === undefined || isSettled(last.state) ? undefined : last;
  }

  #last({ caller, agent, chatId }: Chat) {
    return this.#turns.lastSaid(caller, { agent, contextId: chatId });
  }

  /** Throws TASK_NOT_FOUND for a task of another chat, agent or caller. */
  async #ofChat({ caller, agent, chatId }: Chat, { taskId }: { readonly taskId: string }) {
    const at = await this.parts.tasks.get(caller, taskId, bare);
    if (at.agent === agent && at.task.contextId === chatId) return { taskId };
    throw new ContinuoError('TASK_NOT_FOUND', `Chat ${chatId} has no such chunk.`, { field: 'Last-Event-ID' });
  }

  #stream(response: Response, reading: Reading, follow: (signal: AbortSignal) => AsyncIterable<LogEvent>): void {
    response.setHeader(...PROTOCOL);
    sendFrames(response, this.parts.config, (signal) => this.#frames(reading, follow(signal)));
  }

  /** The chunks of the turn without those that the client has. */
  async *#frames(reading: Reading, events: AsyncIterable<LogEvent>): AsyncGenerator<SseFrame, void> {
    const { after, caller, taskId } = reading;
    const made = new Chunks(reading);
    let number = -1;
    const frame = (chunk: Chunk): readonly SseFrame[] => {
      number += 1;
      return number > after ? [{ id: chunkId(reading, number), data: chunk }] : [];
    };
    yield* frame(made.begin());
    let settled: Settled | undefined;
    for await (const item of said({ tasks: this.parts.tasks, ...reading }, events)) {
      for (const chunk of made.of(item)) for (const sent of frame(chunk)) yield sent;
      if (item.kind === 'settled') settled = item;
    }
    if (settled === undefined) return;
    const { task } = await this.parts.tasks.get(caller, taskId, bare);
    yield* frame(made.end(settled, task.metadata?.[USAGE_EXTENSION] as Readonly<Record<string, unknown>> | undefined));
    yield { word: '[DONE]' };
  }
}

function chatOf(request: Request<Params>, scope: Scope): Chat {
  return { ...callerOfPath(request, scope), chatId: request.params.chatId };
}
