/** Local servers that speak the wire protocols of model providers, and refuse what the real ones are reported to refuse. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { onLoopback } from '../on-loopback.js';
import type { Reply } from '../model-reply.js';
import { anthropic } from './anthropic.js';
import { readBody, tokensOf } from './contents.js';
import { google } from './google.js';
import { openAiChat, vllmChat } from './openai-chat.js';
import { openAiResponses } from './openai-responses.js';
import { sendReply, type Protocol } from './protocol.js';

const protocols = { anthropic, google, openAiChat, openAiResponses, vllmChat } as const;

export type StrictKind = keyof typeof protocols;
export const strictKinds = Object.keys(protocols) as readonly StrictKind[];

/** Of so many requests the bodies are kept. */
const MOST_BODIES = 1_000;

/** What it was asked once. */
export interface StrictRequest {
  readonly path: string;
  readonly body: unknown;
  /** Why it was refused. */
  readonly refused?: string;
}

export interface StrictOptions {
  /** How many tokens it takes; see `tokensOf`. Default: any. */
  readonly contextTokens?: number;
  /** What it refuses beside its own rules: in its words, or undefined. */
  readonly refuses?: (body: unknown) => string | undefined;
}

export interface StrictProvider {
  readonly kind: StrictKind;
  /** For startServer: the model, its address and a key. */
  readonly env: Readonly<Record<'CONTINUO_MODEL' | 'CONTINUO_MODEL_BASE_URL' | 'CONTINUO_MODEL_API_KEY', string>>;
  /** In order. */
  readonly requests: readonly StrictRequest[];
  /** Those that were refused. */
  refusals(): readonly string[];
  /** The next replies to what it takes, in order; without one it does what `otherwise` said last, or answers "Yes." */
  next(...replies: readonly Reply[]): void;
  otherwise(decide: (request: StrictRequest) => Reply | Promise<Reply>): void;
}

export async function startStrictProvider(kind: StrictKind, options: StrictOptions = {}): Promise<StrictProvider> {
  const protocol: Protocol = protocols[kind];
  const requests: StrictRequest[] = [];
  const replies: Reply[] = [];
  let decide: (request: StrictRequest) => Reply | Promise<Reply> = () => ({ kind: 'answer', words: ['Yes.'] });
  const server = createServer((request, response) => void answer(request, response));

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { body, refusal } = judge(protocol, await buffer(incoming), options);
    const request: StrictRequest = {
      path: incoming.url ?? '',
      body,
      ...(refusal === undefined ? {} : { refused: refusal.message }),
    };
    const old = requests.length - MOST_BODIES;
    const outdated = requests[old];
    if (outdated !== undefined) requests[old] = { ...outdated, body: undefined };
    requests.push(request);
    if (refusal === undefined) carryOut(protocol, replies.shift() ?? (await decide(request)), body, response);
    else refuse(protocol, response, { status: 400, ...refusal });
  }

  const url = await onLoopback(server);
  return {
    kind,
    env: {
      CONTINUO_MODEL: protocol.model,
      CONTINUO_MODEL_BASE_URL: `${url}${protocol.basePath}`,
      CONTINUO_MODEL_API_KEY: 'sk-secret',
    },
    requests,
    refusals: () => requests.flatMap(({ refused }) => refused ?? []),
    next: (...more) => replies.push(...more),
    otherwise: (next) => {
      decide = next;
    },
  };
}

interface Refusal {
  readonly message: string;
  readonly code?: string;
}

function judge(
  protocol: Protocol,
  raw: Uint8Array,
  { contextTokens, refuses }: StrictOptions,
): { readonly body: unknown; readonly refusal?: Refusal } {
  let body: unknown;
  try {
    body = readBody(raw);
  } catch (error) {
    return { body, refusal: { message: `The request body is not valid JSON: ${(error as Error).message}` } };
  }
  const flaw = protocol.refusalOf(body) ?? refuses?.(body);
  if (flaw !== undefined) return { body, refusal: { message: flaw } };
  const tokens = tokensOf(body);
  return contextTokens === undefined || tokens <= contextTokens
    ? { body }
    : { body, refusal: protocol.tooLong(tokens, contextTokens) };
}

function refuse(
  protocol: Protocol,
  response: ServerResponse,
  {
    status,
    message,
    code,
    headers,
  }: Refusal & { readonly status: number; readonly headers?: Readonly<Record<string, string>> },
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(protocol.errorBody(status, message, code)));
}

function carryOut(protocol: Protocol, reply: Reply, body: unknown, response: ServerResponse): void {
  if (reply.kind === 'refusal') return refuse(protocol, response, { message: 'no', ...reply });
  sendReply(reply, protocol.framesOf, tokensOf(body), response);
}
