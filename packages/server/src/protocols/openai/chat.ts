/** `POST /v1/chat/completions`: a turn with an agent, as OpenAI's chat completions. */
import { Router, type Request, type Response } from 'express';
import type { ClientCall } from '@continuo/agent/internal/agents/tools/client-tools.js';
import { readBody } from '../../platform/read-body.js';
import { whileWaiting, type SseFrame } from '../../platform/sse.js';
import { bare } from '../../tasks/read-tasks.js';
import type { ProtocolParts } from '../protocol.js';
import { said, type Said, type Settled } from '../said.js';
import { sendFrames } from '../serve-turn.js';
import { Turns } from '../turns.js';
import { parseChat, type ChatRequest } from './chat-request.js';
import { TakeTurn, type Taken } from './take-turn.js';
import { usageOf } from './usage.js';
import { failureOf, stillWorks } from './failures.js';
import { BoundedText } from './bounded-text.js';
import { createdAt } from './created-at.js';
import { WrittenInOne } from './written.js';

export function chatRoutes(parts: ProtocolParts): Router {
  const chat = new Chat(parts);
  return Router().post('/', (request, response) => chat.answer(request, response));
}

/** Nothing of what was said: a stream may last for hours. */
interface Asked extends Taken {
  readonly chat: Pick<ChatRequest, 'agent' | 'includeUsage' | 'bounds'>;
}

class Chat {
  readonly #turns: Turns;
  readonly #takeTurn: TakeTurn;

  constructor(private readonly parts: ProtocolParts) {
    this.#turns = new Turns(parts);
    this.#takeTurn = new TakeTurn(parts);
  }

  async answer(request: Request, response: Response): Promise<void> {
    const { config } = this.parts;
    const chat = parseChat(await readBody(request, response, config));
    const { agent, stream, includeUsage, bounds } = chat;
    const asked = { chat: { agent, includeUsage, bounds }, ...(await this.#takeTurn.take(request, response, chat)) };
    return stream
      ? sendFrames(response, config, (signal) => this.#frames(asked, signal))
      : this.#whole(response, asked);
  }

  async #whole(response: Response, asked: Asked): Promise<void> {
    const { text, end, isCut } = await whileWaiting(response, this.parts.config.blockingTimeoutMs, (signal) =>
      this.#read(asked, signal),
    );
    const failure = end === undefined ? stillWorks(asked.taskUrl) : failureOf(end);
    if (failure !== undefined) {
      response.status(failure.status).json({ error: failure.error });
      return;
    }
    const calls = end?.calls ?? [];
    response.status(200).json({
      ...head(asked, 'chat.completion'),
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: calls.length > 0 && text === '' ? null : text,
            refusal: null,
            ...toToolCalls(calls),
          },
          logprobs: null,
          finish_reason: finishOf(calls, isCut),
        },
      ],
      usage: await this.#usage(asked),
    });
  }

  async #read(
    asked: Asked,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly end: Settled | undefined; readonly isCut: boolean }> {
    const written = new WrittenInOne({ taskUrl: asked.taskUrl, mostBytes: this.parts.config.answerBytes });
    const bounded = new BoundedText(asked.chat.bounds);
    let text = '';
    let end: Settled | undefined;
    for await (const item of this.#said(asked, signal)) {
      text += bounded.of(written.of(item));
      if (item.kind === 'settled') end = item;
    }
    text += bounded.rest();
    return { text, end, isCut: endsEarly(bounded, written) };
  }

  async *#frames(asked: Asked, signal: AbortSignal): AsyncGenerator<SseFrame, void> {
    const { chat } = asked;
    const shared = head(asked, 'chat.completion.chunk');
    const usage = chat.includeUsage ? { usage: null } : {};
    const chunk = (delta: object, finish: Finish | null = null): SseFrame => ({
      data: { ...shared, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...usage },
    });
    const { answerBytes: mostBytes } = this.parts.config;
    const written = new WrittenInOne({ taskUrl: asked.taskUrl, mostBytes, isPassedOn: true });
    const bounded = new BoundedText(chat.bounds);
    yield chunk({ role: 'assistant', content: '', refusal: null });
    for await (const item of this.#said(asked, signal)) {
      const failed = item.kind === 'settled' ? failureOf(item) : undefined;
      if (failed !== undefined) {
        yield { data: { error: failed.error } };
        return;
      }
      const text = bounded.of(written.of(item)) + (item.kind === 'settled' ? bounded.rest() : '');
      if (text !== '') yield chunk({ content: text });
      if (item.kind !== 'settled') continue;
      const { calls } = item;
      for (const [index, call] of calls.entries()) yield chunk({ tool_calls: [{ index, ...toToolCall(call) }] });
      yield chunk({}, finishOf(calls, endsEarly(bounded, written)));
    }
    if (signal.aborted) return;
    if (chat.includeUsage) yield { data: { ...shared, choices: [], usage: await this.#usage(asked) } };
    yield { word: '[DONE]' };
  }

  #said({ caller, turn }: Asked, signal: AbortSignal): AsyncGenerator<Said, void> {
    const { tasks } = this.parts;
    return said({ tasks, caller, ...turn }, this.#turns.follow(turn, signal));
  }

  async #usage({ caller, turn }: Asked) {
    const { task } = await this.parts.tasks.get(caller, turn.taskId, bare);
    const { input, output, total } = usageOf(task);
    return { prompt_tokens: input, completion_tokens: output, total_tokens: total };
  }
}

/** What its client wants to end before a word ends there, however long it was. */
function endsEarly({ end }: BoundedText, written: WrittenInOne): boolean {
  return end === undefined ? written.isCut : end === 'length';
}

function head({ turn, chat }: Asked, object: string) {
  return { id: `chatcmpl-${turn.taskId}`, object, created: createdAt(turn.taskId), model: chat.agent };
}

type Finish = 'stop' | 'tool_calls' | 'length';

function finishOf(calls: readonly ClientCall[], isCut = false): Finish {
  if (calls.length > 0) return 'tool_calls';
  return isCut ? 'length' : 'stop';
}

function toToolCalls(calls: readonly ClientCall[]) {
  return calls.length === 0 ? {} : { tool_calls: calls.map(toToolCall) };
}

function toToolCall({ id, name, arguments: given }: ClientCall) {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(given) } };
}
