/** What a strict provider is made of: where it listens, what it refuses, and how it writes a reply. */
import type { ServerResponse } from 'node:http';
import type { Reply } from '../model-reply.js';

/** A call that the model wants; `input` that is text is written as it is, else as JSON. */
export interface WrittenCall {
  readonly name: string;
  readonly input: unknown;
  readonly id?: string;
}

/** What a model says in one answer. */
export interface Said {
  /** What it thinks before. */
  readonly thoughts: readonly string[];
  readonly words: readonly string[];
  readonly calls: readonly WrittenCall[];
  readonly finishReason: string;
  /** Tokens of the prompt. */
  readonly promptTokens: number;
}

/** The answer's frames, ready to be sent; a connection that is cut or stalls ends before `end`. */
export interface Frames {
  readonly begin: readonly string[];
  readonly end: readonly string[];
}

export interface Protocol {
  /** As CONTINUO_MODEL names it. */
  readonly model: `${string}/${string}`;
  /** Behind the server's address, for CONTINUO_MODEL_BASE_URL. */
  readonly basePath: string;
  /** Why the provider that this stands for refuses the body, in its words; undefined when it takes it. */
  readonly refusalOf: (body: unknown) => string | undefined;
  /** What it says of a prompt of so many tokens, where it takes `most`. */
  readonly tooLong: (tokens: number, most: number) => { readonly message: string; readonly code?: string };
  /** The body of a refusal. */
  readonly errorBody: (status: number, message: string, code?: string) => unknown;
  readonly framesOf: (said: Said) => Frames;
}

export function inputText({ input }: WrittenCall): string {
  return typeof input === 'string' ? input : JSON.stringify(input);
}

/** What a reply says; nothing for those that are no answers. */
function saidIn(reply: Reply, promptTokens: number): Said {
  const words = 'words' in reply ? (reply.words ?? []) : [];
  const thoughts = 'thoughts' in reply ? (reply.thoughts ?? []) : [];
  const calls = reply.kind === 'calls' ? reply.calls : [];
  const finishReason =
    reply.kind === 'calls' ? 'tool_calls' : (reply.kind === 'answer' && reply.finishReason) || 'stop';
  return { thoughts, words, calls, finishReason, promptTokens };
}

export function sse(data: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** Sends what is no refusal: an answer in its frames, as far as the reply lets it come. */
export function sendReply(
  reply: Exclude<Reply, { readonly kind: 'refusal' }>,
  framesOf: (said: Said) => Frames,
  promptTokens: number,
  response: ServerResponse,
): void {
  if (reply.kind === 'raw') {
    response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body);
    return;
  }
  const { begin, end } = framesOf(saidIn(reply, promptTokens));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const frame of begin) response.write(frame);
  if (reply.kind === 'stall') return;
  // Once the words are on their way.
  if (reply.kind === 'cut') response.write(': cut\n\n', () => response.destroy());
  else response.end(end.join(''));
}
