/** A local server that speaks the streaming wire protocol of OpenAI's chat completions, and does what a test tells it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Reply } from './model-reply.js';
import { onLoopback } from './on-loopback.js';
import { chatFrames } from './strict-providers/openai-chat-frames.js';
import { sendReply } from './strict-providers/protocol.js';

/** The part of a request's body that tests look at. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: unknown } }[];
  readonly response_format?: unknown;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string } }[];
  readonly tool_call_id?: string;
}

export interface OpenAiServer {
  /** For CONTINUO_MODEL_BASE_URL. */
  readonly baseUrl: string;
  /** What it was asked, in order. */
  readonly requests: readonly ChatRequest[];
  /** The next replies, in order. Without one it does what `otherwise` said last, or answers "Yes." */
  next(...replies: readonly Reply[]): void;
  /** What writes titles of sessions is told, whenever it asks: so it takes nobody's reply. */
  titles(reply: Reply | Promise<Reply>): void;
  /** Decides by what is asked; a reply that is never decided on keeps the client waiting. */
  otherwise(decide: (request: ChatRequest) => Reply | Promise<Reply>): void;
}

export async function startOpenAiServer(): Promise<OpenAiServer> {
  const requests: ChatRequest[] = [];
  const replies: Reply[] = [];
  let decide: (request: ChatRequest) => Reply | Promise<Reply> = () => ({ kind: 'answer', words: ['Yes.'] });
  let title: Reply | Promise<Reply> = { kind: 'answer', words: ['A title'] };
  const server = createServer((request, response) => {
    void receive(request).then(async (body) => {
      if (asksForTitle(body)) {
        carryOut(await title, response);
        return;
      }
      requests.push(body);
      carryOut(replies.shift() ?? (await decide(body)), response);
    });
  });
  const url = await onLoopback(server);
  return {
    baseUrl: `${url}/v1`,
    requests,
    next: (...more) => replies.push(...more),
    titles: (reply) => {
      title = reply;
    },
    otherwise: (next) => {
      decide = next;
    },
  };
}

function asksForTitle({ messages: [first] }: ChatRequest): boolean {
  return JSON.stringify(first?.content ?? '').includes('You write the title of a conversation.');
}

async function receive(request: IncomingMessage): Promise<ChatRequest> {
  return JSON.parse(await text(request)) as ChatRequest;
}

function carryOut(reply: Reply, response: ServerResponse): void {
  if (reply.kind === 'refusal') {
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify({ error: { message: reply.message ?? 'no', type: 'error', param: null, code: null } }));
    return;
  }
  sendReply(reply, chatFrames, 10, response);
}
