/** One request to an MCP server, whose failure is told in words that a model may read. */
import type { z } from 'zod';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { tracing, type SpanAbout } from '@continuo/agent/internal/platform/tracing.js';
import type { ServerRequest } from './all-pages.js';
import { ServerAway, type McpConnection } from './connection.js';
import { lossBy } from './lost-session.js';
import { isWordless } from './results.js';

export interface AskOptions {
  /** Of the answer; milliseconds. */
  readonly timeoutMs: number;
  /** Whether it does no harm to ask twice, since nothing is changed by it. */
  readonly isRead: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Throws an Error that says what is known: what the server said, or that it said nothing. */
export async function askServer<Answer extends z.ZodType>(
  connection: McpConnection,
  request: ServerRequest,
  schema: Answer,
  options: AskOptions,
): Promise<z.output<Answer>> {
  const traces = tracing();
  if (traces === undefined) return ask(connection, request, schema, options);
  const about = { ...spanOf(request), signal: options.signal };
  return traces.inSpan(about, () => ask(connection, withTrace(request, traces.headers()), schema, options));
}

async function ask<Answer extends z.ZodType>(
  connection: McpConnection,
  request: ServerRequest,
  schema: Answer,
  { timeoutMs, isRead, signal }: AskOptions,
): Promise<z.output<Answer>> {
  const stop = signal === undefined ? {} : { signal };
  try {
    return await connection.request((client) => client.request(request, schema, { ...stop, timeout: timeoutMs }), {
      again: isRead,
      ...stop,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(failureOf(error, connection, isRead), { cause: error });
  }
}

/** Where in the trace the server is asked, as MCP's conventions have it. */
function withTrace({ method, params }: ServerRequest, headers: Readonly<Record<string, string>>): ServerRequest {
  if (Object.keys(headers).length === 0) return { method, params };
  const meta = params['_meta'];
  return { method, params: { ...params, _meta: { ...(isObject(meta) ? meta : {}), ...headers } } };
}

function spanOf({ method, params }: ServerRequest): SpanAbout {
  const name = typeof params['name'] === 'string' ? params['name'] : undefined;
  const attributes = {
    'mcp.method.name': method,
    'gen_ai.operation.name': method === 'tools/call' ? 'execute_tool' : undefined,
    'gen_ai.tool.name': method === 'tools/call' ? name : undefined,
    'gen_ai.prompt.name': method === 'prompts/get' ? name : undefined,
  };
  return { name: name === undefined ? method : `${method} ${name}`, kind: 'client', attributes };
}

function failureOf(error: unknown, connection: McpConnection, isRead: boolean): string {
  if (error instanceof ServerAway) return `${error.message} Nothing was sent.`;
  const server = `The MCP server "${connection.name}"`;
  if (isWordless(error)) return `${server} refused with error ${error.code} and said nothing of the reason.`;
  const words = connection.wordsOf(error);
  const loss = lossBy(error);
  if (loss === 'doubtful' || loss === 'refused') return words;
  const unknown = isRead ? '' : ' Whether the call took effect is not known.';
  return `${server} gave no answer: ${words}${unknown}`;
}
