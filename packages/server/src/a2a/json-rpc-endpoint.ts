/** A2A's JSON-RPC binding for one agent: the SDK's handler behind our checks, and our own streams. */
import { SendMessageRequest, SubscribeToTaskRequest } from '@a2a-js/sdk';
import { toJsonRpcError } from '@a2a-js/sdk/errors';
import { JsonRpcTransportHandler, type ServerCallContext } from '@a2a-js/sdk/server';
import { jsonRpcHandler } from '@a2a-js/sdk/server/express';
import { Router, type RequestHandler, type Response } from 'express';
import { callerOf } from '../auth/principal.js';
import { invalidArgument } from '../platform/errors.js';
import { httpErrors, toErrorDetails } from '../platform/http-errors.js';
import { contextOf, sdkUser } from './call-context.js';
import type { DurableRequestHandler } from './durable-request-handler.js';
import { methodScopes } from './method-scopes.js';
import { refuse, type SendFrames } from './responses.js';
import { checkedRequest, checkOldIds, isRequest, type JsonRpcRequest } from './wire-requests.js';

/** What is said by HTTP's status as well, for proxies and for clients that come back. */
const toldByHttp = (['UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED', 'PERMISSION_DENIED'] as const).map(
  (code) => httpErrors[code].http,
);

const METHOD_NOT_FOUND = -32_601;
const malformed = invalidArgument('body', 'a JSON-RPC 2.0 request');
const INVALID_REQUEST = { code: -32_600, message: malformed.message, data: toErrorDetails(malformed) };

/** Handles `POST /agents/:type/:name`. The body has been parsed. */
export function jsonRpcEndpoint(handler: DurableRequestHandler, sendFrames: SendFrames): RequestHandler {
  const router = Router();
  const transport = new JsonRpcTransportHandler(handler);

  const answer = async (rpc: JsonRpcRequest, context: ServerCallContext, response: Response): Promise<void> => {
    const result = await transport.handle({ ...rpc }, context);
    if (context.activatedExtensions !== undefined) response.setHeader('A2A-Extensions', context.activatedExtensions);
    response.json(result);
  };

  const streamOf = (rpc: JsonRpcRequest, context: ServerCallContext) => {
    if (rpc.method === 'SendStreamingMessage') {
      return handler.streamMessage(SendMessageRequest.fromJSON(rpc.params), context);
    }
    if (rpc.method === 'SubscribeToTask')
      return handler.subscribe(SubscribeToTaskRequest.fromJSON(rpc.params), context);
    return undefined;
  };

  router.post('/', async (request, response, next) => {
    const body: unknown = request.body;
    if (!isRequest(body)) {
      response.json({ jsonrpc: '2.0', id: null, error: INVALID_REQUEST });
      return;
    }
    const { id = null } = body;
    try {
      const scope = methodScopes.get(body.method);
      if (scope === undefined) {
        response.json({
          jsonrpc: '2.0',
          id,
          error: { code: METHOD_NOT_FOUND, message: `Method not found: ${body.method}` },
        });
        return;
      }
      callerOf(request, scope);
      const rpc = checkedRequest(body);
      if (rpc === undefined) {
        checkOldIds(body);
        next();
        return;
      }
      // The tenant is in the params: the SDK's handler and ours take it from there.
      const context = contextOf(request, response, undefined);
      const frames = streamOf(rpc, context);
      if (frames === undefined) await answer(rpc, context, response);
      else await sendFrames(response, await frames, (result) => ({ jsonrpc: '2.0', id, result }));
    } catch (error) {
      const toBody = (known: unknown): unknown => ({ jsonrpc: '2.0', id, error: toJsonRpcError(known) });
      refuse(response, error, toBody, (status) => (toldByHttp.includes(status) ? status : 200));
    }
  });
  // Version 0.3's methods.
  router.post('/', jsonRpcHandler({ requestHandler: handler, userBuilder: sdkUser, legacyCompat: { enabled: true } }));
  return router;
}
