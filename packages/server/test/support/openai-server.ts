/** A local server that speaks the streaming wire protocol of OpenAI's chat completions, and does what a test tells it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onLoopback } from './on-loopback.js';

/** What it does with one request. */
export type Reply =
  /** Streams the words, each in a chunk of its own. */
  | { readonly kind: 'answer'; readonly words: readonly string[]; readonly finishReason?: string }
  /** Wants tools to be run, after the words. */
  | {
      readonly kind: 'calls';
      readonly calls: readonly { readonly name: string; readonly input: unknown }[];
      readonly words?: readonly string[];
    }
  /** Refuses with OpenAI's error body. */
  | {
      readonly kind: 'refusal';
      readonly status: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Sends this as it is. */
  | { readonly kind: 'raw'; readonly status: number; readonly contentType: string; readonly body: string }
  /** Streams the words and cuts the connection. */
  | { readonly kind: 'cut'; readonly words: readonly string[] }
  /** Streams the words and then nothing more, without an end. */
  | { readonly kind: 'stall'; readonly words: readonly string[] };

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
  /** Decides by what is asked; a reply that is never decided on keeps the client waiting. */
  otherwise(decide: (request: ChatRequest) => Reply | Promise<Reply>): void;
}

export async function startOpenAiServer(): Promise<OpenAiServer> {
  const requests: ChatRequest[] = [];
  const replies: Reply[] = [];
  let decide: (request: ChatRequest) => Reply | Promise<Reply> = () => ({ kind: 'answer', words: ['Yes.'] });
  const server = createServer((request, response) => {
    void receive(request).then(async (body) => {
      requests.push(body);
      carryOut(replies.shift() ?? (await decide(body)), response);
    });
  });
  const url = await onLoopback(server);
  return {
    baseUrl: `${url}/v1`,
    requests,
    next: (...more) => replies.push(...more),
    otherwise: (next) => {
      decide = next;
    },
  };
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
  if (reply.kind === 'raw') {
    response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk({ role: 'assistant', content: '' }, null));
  const words = reply.words ?? [];
  for (const word of words) response.write(chunk({ content: word }, null));
  if (reply.kind === 'stall') return;
  if (reply.kind === 'cut') {
    // Once the words are on their way.
    response.write(': cut\n\n', () => response.destroy());
    return;
  }
  if (reply.kind === 'calls') reply.calls.forEach((call, index) => writeCall(response, call, index));
  response.write(chunk({}, reply.kind === 'calls' ? 'tool_calls' : (reply.finishReason ?? 'stop')));
  response.write(`data: ${JSON.stringify({ ...head, choices: [], usage: usageOf(words.length) })}\n\n`);
  response.end('data: [DONE]\n\n');
}

/** Its name first, then what it is called with, in two pieces. */
function writeCall(response: ServerResponse, call: { name: string; input: unknown }, index: number): void {
  const written = typeof call.input === 'string' ? call.input : JSON.stringify(call.input);
  const half = Math.ceil(written.length / 2);
  const begin = { index, id: `call_${index}`, type: 'function', function: { name: call.name, arguments: '' } };
  response.write(chunk({ tool_calls: [begin] }, null));
  for (const piece of [written.slice(0, half), written.slice(half)]) {
    response.write(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }, null));
  }
}

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'test-model' };

function chunk(delta: unknown, finishReason: string | null): string {
  return `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`;
}

/** As many tokens as there were words, after a prompt of ten. */
function usageOf(words: number): Readonly<Record<string, number>> {
  return { prompt_tokens: 10, completion_tokens: words, total_tokens: 10 + words };
}
