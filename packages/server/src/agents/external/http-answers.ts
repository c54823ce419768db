/** What came back over HTTP: the JSON of an answer or of the events of a stream, or the error that it is. */
import { fromJsonRpcErrorResponse, fromRestErrorBody } from '@a2a-js/sdk/errors';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { messageOf, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { isObject, jsonIn } from '@continuo/agent/internal/platform/json-object.js';
import { LATER, NoAnswer, RemoteFault } from './remote-errors.js';

/**
 * The result of a call. Throws NoAnswer for what is no JSON, A2AError for what A2A has as an error, in either form, and
 * RemoteFault for any other status but a success; Error, when it may pass.
 */
export async function jsonOf(response: Response): Promise<unknown> {
  const text = await textOf(response);
  const json = jsonIn(text);
  const error = errorIn(json, response);
  if (LATER.has(response.status)) throw new Error(error?.message ?? failure(response, text));
  if (error !== undefined) throw error;
  if (!response.ok) throw new RemoteFault(failure(response, text), response.status);
  if (json === undefined) throw new NoAnswer(kindOf(response, text));
  return resultOf(json);
}

/** What each event of a stream holds, in the same way. */
export async function* eventsOf(response: Response): AsyncGenerator<unknown, void, undefined> {
  if (!response.ok || response.body === null || !isEventStream(response)) {
    throw new NoAnswer(JSON.stringify(await jsonOf(response)));
  }
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events) {
    const json = jsonIn(data);
    const error = errorIn(json, response);
    if (error !== undefined) throw error;
    if (event === 'error') throw new RemoteFault(data);
    if (json === undefined) throw new NoAnswer(data);
    yield resultOf(json);
  }
}

/** Whoever begins to answer has got the request. */
async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    if (error instanceof TerminalError || !response.ok) throw error;
    throw new NoAnswer(`one that broke off (${messageOf(error)})`);
  }
}

/** Of JSON-RPC, whatever it says of its version and of the id of a request of which there is only one; or the JSON itself. */
function resultOf(json: unknown): unknown {
  return isObject(json) && 'result' in json ? json['result'] : json;
}

/** JSON-RPC's, google.rpc.Status of HTTP+JSON, or what A2A 0.3 has there. */
function errorIn(json: unknown, { status, headers }: Response): Error | undefined {
  if (!isObject(json)) return undefined;
  const inner = isObject(json['error']) ? json['error'] : undefined;
  const { code, message = inner === undefined ? undefined : '' } = inner ?? json;
  if (typeof code !== 'number' || typeof message !== 'string') return undefined;
  const error = { ...(inner ?? json), code, message };
  if (code < 0) return fromJsonRpcErrorResponse({ jsonrpc: '2.0', id: null, error });
  return inner && fromRestErrorBody(error, { statusCode: status, headers: Object.fromEntries(headers) });
}

function failure({ status, statusText }: Response, text: string): string {
  return `HTTP ${status}: ${text.trim() || statusText || 'nothing more'}`;
}

function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.trim().toLowerCase().startsWith('text/event-stream') === true;
}

function kindOf({ headers }: Response, text: string): string {
  if (text.trim() === '') return 'nothing';
  return `${headers.get('content-type') ?? 'a text'}: ${text.trim()}`;
}
