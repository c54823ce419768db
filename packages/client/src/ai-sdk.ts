/** A transport for AI SDK's chats (`useChat`): agents of a Continuo server, by streams that go on where they were.
 *
 * @module @continuo/client/ai-sdk
 */
import type { ChatRequestOptions, ChatTransport, UIMessage, UIMessageChunk } from 'ai';
import { agentPath } from './agent-key.js';
import { followEvents, type StreamEvent, type StreamOptions } from './event-stream.js';
import { newKey } from './new-key.js';
import { Transport, type ContinuoClientOptions } from './transport.js';
import { linkedTo } from './waiting.js';

/** Where the agent is, who calls, and how patient the chat is. */
export interface ContinuoChatOptions
  extends ContinuoClientOptions, Pick<StreamOptions, 'onConnection' | 'silenceMs' | 'giveUpAfterMs'> {
  /** `type/name`. */
  readonly agent: string;
  /** The tenant in which the chat is, for who may act in several. Default: the caller's own. */
  readonly tenant?: string | undefined;
}

type Sent<Message extends UIMessage> = Parameters<ChatTransport<Message>['sendMessages']>[0];
type Reconnected = ChatRequestOptions & {
  readonly chatId: string;
  readonly abortSignal?: AbortSignal | undefined;
};

/** Nothing comes behind these. */
const lastChunks: ReadonlySet<string> = new Set(['finish', 'error', 'abort']);

/**
 * What `useChat` sends its messages by. The chat's id is the session, which other clients may share. A stream whose
 * connection breaks goes on behind the last chunk that was seen, at whichever instance answers: no word is lost or said
 * twice, and no message is sent twice. It fails with ContinuoApiError for what the server refuses, and after
 * `giveUpAfterMs` without a connection. `stop()` of a chat that has sent a message ends the agent's task. After a page was
 * loaded anew, `resume: true` shows the turn that runs, from its beginning; to end that one, call `cancel`.
 *
 * ```ts
 * const transport = new ContinuoChatTransport({ url: 'http://127.0.0.1:4000', agent: 'context/assistant' });
 * const { messages, sendMessage, stop } = useChat({ id: 'my-chat', transport, resume: true });
 * ```
 */
export class ContinuoChatTransport<Message extends UIMessage = UIMessage> implements ChatTransport<Message> {
  /** Whoever reconnects gets the turn from its beginning. */
  readonly resumeStreamIsReplay = true;
  readonly #transport: Transport;

  constructor(private readonly options: ContinuoChatOptions) {
    this.#transport = new Transport(options);
  }

  /** The same request is the same turn, however often it is sent. */
  async sendMessages(sent: Sent<Message>): Promise<ReadableStream<UIMessageChunk>> {
    const { chatId: id, messages, trigger, abortSignal, body, headers } = sent;
    const messageId = sent.messageId ?? (trigger === 'regenerate-message' ? newKey() : undefined);
    const request = {
      method: 'POST',
      headers: new Headers([...new Headers(headers), ['content-type', 'application/json']]),
      body: JSON.stringify({ ...body, id, messages, trigger, messageId }),
    };
    abortSignal?.addEventListener('abort', () => void this.cancel(id).catch(() => undefined), { once: true });
    const { events, stop } = this.#follow(this.#address(), request, abortSignal);
    return toStream(events, await events.next(), stop);
  }

  /** Null when nothing runs. */
  async reconnectToStream(sent: Reconnected): Promise<ReadableStream<UIMessageChunk> | null> {
    const request = { headers: new Headers(sent.headers) };
    const { events, stop } = this.#follow(this.#address(sent.chatId), request, sent.abortSignal);
    const first = await events.next();
    return first.done === true ? null : toStream(events, first, stop);
  }

  /** Ends the task that runs in the chat, or waits for an answer; without one nothing happens. Throws ContinuoApiError. */
  async cancel(chatId: string): Promise<void> {
    await this.#transport.send(this.#address(chatId), { method: 'DELETE' }, {}, async () => undefined);
  }

  #follow(url: string, request: RequestInit, abortSignal: AbortSignal | undefined) {
    const { controller } = linkedTo(abortSignal);
    const { onConnection, silenceMs, giveUpAfterMs } = this.options;
    const how = { onConnection, silenceMs, giveUpAfterMs, signal: controller.signal };
    return {
      events: followEvents(this.#transport, url, { ...how, ends: true, request }),
      stop: () => controller.abort(),
    };
  }

  #address(chatId?: string): string {
    const { agent, tenant } = this.options;
    const { type, name } = agentPath(agent);
    const path = ['ai-sdk', type, name, ...(chatId === undefined ? [] : [chatId, 'stream'])];
    const query = tenant === undefined ? '' : `?tenant=${encodeURIComponent(tenant)}`;
    return this.#transport.address(`/${path.map(encodeURIComponent).join('/')}${query}`);
  }
}

/** Ends with the last chunk, without asking whether there is another. */
function toStream(
  events: AsyncGenerator<StreamEvent, void>,
  first: IteratorResult<StreamEvent, void>,
  stop: () => void,
): ReadableStream<UIMessageChunk> {
  let next: typeof first | undefined = first;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = next ?? (await events.next());
      next = undefined;
      if (done === true) {
        controller.close();
        return;
      }
      const chunk = value.data as UIMessageChunk;
      controller.enqueue(chunk);
      if (!lastChunks.has(chunk.type)) return;
      stop();
      controller.close();
    },
    cancel: stop,
  });
}
