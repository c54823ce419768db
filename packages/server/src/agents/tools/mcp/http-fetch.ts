/** `fetch` as the SDK is given it for an MCP server over HTTP: what is too much, or ends in the middle, costs the request that it answers, and no other. */
import { ReadableStream } from 'node:stream/web';
import { ErrorCode, type JSONRPCMessage, type RequestId } from '@modelcontextprotocol/sdk/types.js';
import { AnswerRefused } from '@continuo/agent/internal/platform/answer-refused.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import type { RemoteMcpServer } from '@continuo/agent/internal/platform/mcp-server.js';
import { ANSWER_BOUNDS, counted, countedBy, DOCUMENT_BOUNDS } from '../../../platform/egress/counted-answers.js';
import type { Egress } from '../../../platform/egress/egress.js';

/** For what is asked beside the protocol: of authorization servers. */
const ASIDE_MS = 10_000;
const METHOD_NOT_ALLOWED = 405;

export const ENDED_EARLY = 'The connection ended before the answer came.';

export interface StreamEvents {
  /** The stream has ended on which the server speaks of its own accord. */
  readonly ended: () => void;
  /** That of request `id` has, before its answer: the server has numbered its events, so the SDK asks for the rest. */
  readonly interrupted: (id: RequestId) => void;
  /** The server gives no rest. */
  readonly notResumed: () => void;
}

/**
 * The addresses in the configuration are called as they are, with the headers there; whatever the server or others name
 * goes by way of `egress`, without them.
 */
export function fetchFor(
  { url, headers = {}, oauth }: RemoteMcpServer,
  egress: Pick<Egress, 'fetch'>,
  events: StreamEvents,
): typeof fetch {
  const server = new URL(url);
  const listed = [server.origin, ...(oauth?.tokenUrl === undefined ? [] : [new URL(oauth.tokenUrl).origin])];
  const configured = counted((input, init) => fetch(input, init), ANSWER_BOUNDS);
  const named = countedBy(egress, DOCUMENT_BOUNDS);
  return async (input, init = {}) => {
    const to = new URL(input instanceof Request ? input.url : input);
    const isServer = to.origin === server.origin;
    if (!isServer || to.pathname !== server.pathname) {
      const ownHeaders = isServer ? headers : {};
      return aside(listed.includes(to.origin) ? configured : named, to, withHeaders(init, ownHeaders));
    }
    const response = await configured(input, withHeaders(init, { ...headers, ...tracing()?.headers() }));
    // The SDK takes it for a server that doesn't speak of its own accord.
    if (response.status === METHOD_NOT_ALLOWED && new Headers(init.headers).has('last-event-id')) events.notResumed();
    if (response.body === null || !/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) {
      return response;
    }
    const id = idIn(init.body);
    return withBody(response, id === undefined ? ended(response.body, events) : answered(response.body, id, events));
  };
}

/** The SDK takes a TypeError for a browser's refusal, and goes on as if nobody had answered. */
async function aside(call: typeof fetch, to: URL, init: RequestInit): Promise<Response> {
  try {
    return await call(to, { ...init, signal: AbortSignal.timeout(ASIDE_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Error(`${to.origin} could not be asked: ${messageOf(cause)}`, { cause: error });
  }
}

async function* ended(body: AsyncIterable<Uint8Array>, events: StreamEvents): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    events.ended();
  }
}

/**
 * Whoever waits for the answer of request `id` is told when the stream ends without it: the SDK would wait until the
 * request's time is over. Where the server numbers its events, it goes on with the stream by itself.
 */
async function* answered(
  body: AsyncIterable<Uint8Array>,
  id: RequestId,
  { interrupted }: StreamEvents,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  let line = '\n';
  let isNumbered = false;
  let problem = ENDED_EARLY;
  try {
    for await (const chunk of body) {
      line = line.slice(-4) + decoder.decode(chunk, { stream: true });
      isNumbered ||= /[\r\n]id:/.test(line);
      yield chunk;
    }
    if (isNumbered) {
      interrupted(id);
      return;
    }
  } catch (error) {
    if (isNumbered && !(error instanceof AnswerRefused)) {
      interrupted(id);
      throw error;
    }
    problem = error instanceof AnswerRefused ? error.message : problem;
  }
  // Of an answer that has come before, the SDK knows.
  yield Buffer.from(`\n\ndata: ${JSON.stringify(failure(id, problem))}\n\n`);
}

export function failure(id: RequestId, message: string): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code: ErrorCode.InternalError, message } };
}

function withBody({ status, statusText, headers, url }: Response, chunks: AsyncIterable<Uint8Array>): Response {
  const body = ReadableStream.from(chunks) as ConstructorParameters<typeof Response>[0];
  return Object.defineProperty(new Response(body, { status, statusText, headers }), 'url', { value: url });
}

/** Those of the request itself count more. */
function withHeaders(init: RequestInit, headers: Readonly<Record<string, string>>): RequestInit {
  const all = new Headers(headers);
  for (const [name, value] of new Headers(init.headers)) all.set(name, value);
  return { ...init, headers: all };
}

/** Of the request in a body that the SDK wrote. */
function idIn(body: unknown): RequestId | undefined {
  if (typeof body !== 'string') return undefined;
  const { id, method } = JSON.parse(body) as { readonly id?: RequestId; readonly method?: string };
  return method === undefined ? undefined : id;
}
