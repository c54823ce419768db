/** `POST /v1/chat/completions`: a turn with an agent, as OpenAI's chat completions. */
import { Router, type Request, type Response } from 'express';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../../calls/idempotency.js';
import type { Caller } from '../../platform/caller.js';
import { addressOf } from '../../platform/host-header.js';
import { readBody } from '../../platform/read-body.js';
import { whileWaiting, type SseFrame } from '../../platform/sse.js';
import { callerFor, requireAgent } from '../named-agent.js';
import type { ProtocolParts } from '../protocol.js';
import { said, type Said, type Settled } from '../said.js';
import { sendFrames, taskUrl } from '../serve-turn.js';
import { messageOfKey, Turns, type TurnTaken } from '../turns.js';
import { parseChat, type ChatRequest } from './chat-request.js';
import { Conversations } from './conversations.js';
import { DONT_RETRY, SESSION_HEADER, TASK_HEADER } from './headers.js';
import { usageOf } from './usage.js';
import { failureOf, stillWorks } from './failures.js';
import { createdAt } from './created-at.js';
import { WrittenInOne } from './written.js';

export function chatRoutes(parts: ProtocolParts): Router {
  const chat = new Chat(parts);
  return Router().post('/', (request, response) => chat.answer(request, response));
}

interface Asked {
  readonly caller: Caller;
  readonly chat: ChatRequest;
  readonly turn: TurnTaken;
  readonly taskUrl: string;
}

class Chat {
  readonly #turns: Turns;
  readonly #conversations: Conversations | undefined;

  constructor(private readonly parts: ProtocolParts) {
    this.#turns = new Turns(parts);
    this.#conversations = parts.sessions === undefined ? undefined : new Conversations(parts.sessions);
  }

  async answer(request: Request, response: Response): Promise<void> {
    const { config, registry, limits } = this.parts;
    const key = idempotencyKey(request.get(IDEMPOTENCY_KEY));
    const chat = parseChat(await readBody(request, response, config));
    const caller = callerFor(request, 'write', chat.agent);
    requireAgent(registry, chat.agent, 'model');
    if (chat.stream) limits.countStream(caller, response);
    const messageId = key === undefined ? undefined : messageOfKey(key);
    const named = request.get(SESSION_HEADER) ?? chat.sessionId;
    const contextId = named ?? (await this.#conversations?.sessionFor(caller, chat, messageId)) ?? newId();
    const turn = await this.#turns.take(caller, {
      agent: chat.agent,
      contextId,
      parts: chat.parts,
      messageId,
      options: { idempotencyKey: key, requestUrl: () => addressOf(request) },
    });
    response.setHeader(SESSION_HEADER, contextId);
    response.setHeader(TASK_HEADER, turn.taskId);
    response.setHeader(...DONT_RETRY);
    const asked = { caller, chat, turn, taskUrl: taskUrl(request, config, turn.taskId) };
    if (chat.stream) await sendFrames(response, config, (signal) => this.#frames(asked, signal));
    else await this.#whole(response, asked);
  }

  async #whole(response: Response, asked: Asked): Promise<void> {
    const { text, end } = await whileWaiting(response, this.parts.config.blockingTimeoutMs, (signal) =>
      this.#read(asked, signal),
    );
    const failure = end === undefined ? stillWorks(asked.taskUrl) : failureOf(end);
    if (failure !== undefined) {
      response.status(failure.status).json({ error: failure.error });
      return;
    }
    response.status(200).json({
      ...head(asked, 'chat.completion'),
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: text, refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: await this.#usage(asked),
    });
  }

  async #read(
    asked: Asked,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly end: Settled | undefined }> {
    const written = new WrittenInOne(asked.taskUrl);
    let text = '';
    for await (const item of this.#said(asked, signal)) {
      text += written.of(item);
      if (item.kind === 'settled') return { text, end: item };
    }
    return { text, end: undefined };
  }

  async *#frames(asked: Asked, signal: AbortSignal): AsyncGenerator<SseFrame, void> {
    const { chat } = asked;
    const shared = head(asked, 'chat.completion.chunk');
    const usage = chat.includeUsage ? { usage: null } : {};
    const chunk = (delta: object, finish: 'stop' | null = null): SseFrame => ({
      data: { ...shared, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...usage },
    });
    const written = new WrittenInOne(asked.taskUrl);
    yield chunk({ role: 'assistant', content: '', refusal: null });
    for await (const item of this.#said(asked, signal)) {
      const failed = item.kind === 'settled' ? failureOf(item) : undefined;
      if (failed !== undefined) {
        yield { data: { error: failed.error } };
        return;
      }
      const text = written.of(item);
      if (text !== '') yield chunk({ content: text });
      if (item.kind === 'settled') yield chunk({}, 'stop');
    }
    if (signal.aborted) return;
    if (chat.includeUsage) yield { data: { ...shared, choices: [], usage: await this.#usage(asked) } };
    yield { word: '[DONE]' };
  }

  #said({ caller, turn }: Asked, signal: AbortSignal): AsyncGenerator<Said, void> {
    const { tasks } = this.parts;
    return said({ tasks, caller, taskId: turn.taskId }, this.#turns.follow(turn, signal));
  }

  async #usage({ caller, turn }: Asked) {
    const { task } = await this.parts.tasks.get(caller, turn.taskId, { historyLength: 0, artifacts: false });
    const { input, output, total } = usageOf(task);
    return { prompt_tokens: input, completion_tokens: output, total_tokens: total };
  }
}

function head({ turn, chat }: Asked, object: string) {
  return { id: `chatcmpl-${turn.taskId}`, object, created: createdAt(turn.taskId), model: chat.agent };
}
