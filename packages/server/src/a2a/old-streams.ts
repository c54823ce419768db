/** Streams of version 0.3, whose clients take the event that says `final` for the last one: a question is, too. */
import { Extensions, HTTP_EXTENSION_HEADER } from '@a2a-js/sdk';
import { LEGACY_HTTP_EXTENSION_HEADER } from '@a2a-js/sdk/compat/v0_3';
import { LegacyJsonRpcTransportHandler } from '@a2a-js/sdk/compat/v0_3/server';
import { ServerCallContext } from '@a2a-js/sdk/server';
import type { Request, Response } from 'express';
import { HttpUser } from './call-context.js';
import type { DurableRequestHandler } from './durable-request-handler.js';
import type { JsonRpcRequest } from './wire-requests.js';

const DATA = 'data: ';

/** What the SDK writes of a message's stream says `final` at the question that ends it. */
export function endAtQuestion(response: Response): void {
  const write: (frame: string) => boolean = response.write.bind(response);
  response.write = (chunk: unknown) => write(typeof chunk === 'string' ? withFinal(chunk) : String(chunk));
}

/**
 * Answers `message/stream` as the SDK's handler does, which keeps the first event, and with it all that was said, for as long as
 * the stream lasts. Not asynchronous itself: such a function keeps what it was called with until it is done.
 */
export function oldMessageStream(
  handler: DurableRequestHandler,
): (rpc: JsonRpcRequest, request: Request, response: Response) => Promise<void> {
  const transport = new LegacyJsonRpcTransportHandler(handler);
  return (rpc, request, response) => {
    const { id = null } = rpc;
    const context = new ServerCallContext({
      requestedExtensions: Extensions.parseServiceParameter(
        request.get(LEGACY_HTTP_EXTENSION_HEADER) ?? request.get(HTTP_EXTENSION_HEADER),
      ),
      user: new HttpUser(request, response),
      requestedVersion: request.get('a2a-version'),
    });
    return transport.handle({ ...rpc, id }, context).then((handled) => {
      if (Symbol.asyncIterator in handled) return sendEvents(response, handled, { id, context });
      response.json(handled);
      return undefined;
    });
  };
}

async function sendEvents(
  response: Response,
  events: AsyncIterable<unknown>,
  { id, context }: { readonly id: string | number | null; readonly context: ServerCallContext },
): Promise<void> {
  try {
    for await (const event of events) {
      beginEvents(response, context);
      response.write(toFrame(finalAtQuestion(event)));
    }
    beginEvents(response, context);
  } catch (error) {
    const refusal = { jsonrpc: '2.0', id, error: LegacyJsonRpcTransportHandler.mapToLegacyJSONRPCError(error) };
    if (!response.headersSent) {
      response.json(refusal);
      return;
    }
    response.write(`event: error\n${toFrame(refusal)}`);
  }
  response.end();
}

function beginEvents(response: Response, { activatedExtensions }: ServerCallContext): void {
  if (response.headersSent) return;
  if (activatedExtensions !== undefined) response.setHeader(LEGACY_HTTP_EXTENSION_HEADER, activatedExtensions);
  response.setHeaders(
    new Map([
      ['Content-Type', 'text/event-stream'],
      ['Cache-Control', 'no-cache'],
      ['Connection', 'keep-alive'],
      ['X-Accel-Buffering', 'no'],
    ]),
  );
  response.flushHeaders();
}

/** What the SDK would write of a stream as long as its task lasts is nothing to who asks for its head. */
export function endAtBody(response: Response): void {
  response.write = () => {
    response.end();
    return true;
  };
}

interface OldUpdate {
  readonly status?: { readonly state?: string };
}

interface OldFrame {
  /** Over JSON-RPC. */
  readonly result?: OldUpdate & { readonly kind?: string };
  /** Over HTTP+JSON. */
  readonly statusUpdate?: OldUpdate;
}

function withFinal(frame: string): string {
  if (!frame.startsWith(DATA) || !/"(input-required|TASK_STATE_INPUT_REQUIRED)"/.test(frame)) return frame;
  return toFrame(finalAtQuestion(JSON.parse(frame.slice(DATA.length))));
}

function finalAtQuestion(event: unknown): unknown {
  const { result, statusUpdate } = event as OldFrame;
  if (result?.kind === 'status-update' && result.status?.state === 'input-required')
    return { ...(event as OldFrame), result: { ...result, final: true } };
  if (statusUpdate?.status?.state === 'TASK_STATE_INPUT_REQUIRED')
    return { ...(event as OldFrame), statusUpdate: { ...statusUpdate, final: true } };
  return event;
}

function toFrame(event: unknown): string {
  return `${DATA}${JSON.stringify(event)}\n\n`;
}
