/** A2A's JSON-RPC binding for one agent: the SDK's handler behind our checks, and our own streams. */
import { SendMessageConfiguration, SendMessageRequest, SubscribeToTaskRequest } from '@a2a-js/sdk';
import { JsonRpcTransportHandler, type ServerCallContext } from '@a2a-js/sdk/server';
import { jsonRpcHandler } from '@a2a-js/sdk/server/express';
import type { Request, RequestHandler, Response } from 'express';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { callerOf } from '../auth/principal.js';
import { answerJson } from '../platform/answer-json.js';
import { httpErrors, toErrorDetails, worthTelling } from '../platform/http-errors.js';
import { toContinuoError } from '../platform/to-continuo-error.js';
import { detailed, toRpcError, type RpcError } from './a2a-errors.js';
import { callOf, contextOf, refuseVersion, sdkUser } from './call-context.js';
import type { DurableRequestHandler } from './durable-request-handler.js';
import { methodScopes } from './method-scopes.js';
import { readOldParams } from './old-requests.js';
import { oldMessageStream } from './old-streams.js';
import { writtenAnswer } from './plain-messages.js';
import { refuse, type SendFrames } from './responses.js';
import { checkedRequest, isRequest, type CheckedRequest, type JsonRpcRequest } from './wire-requests.js';

/** What is said by HTTP's status as well, for proxies and for clients that come back. */
const toldByHttp = (['UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED', 'PERMISSION_DENIED'] as const).map(
  (code) => httpErrors[code].http,
);

const NO_CONTENT = 204;
const METHOD_NOT_FOUND = -32_601;
const malformed = invalidArgument('body', 'a JSON-RPC 2.0 request');
const INVALID_REQUEST = detailed({ code: -32_600, message: malformed.message, data: toErrorDetails(malformed) });

/** Answers `POST /agents/:type/:name`, whose body has been parsed. Resolves to false for the methods of version 0.3. */
export type AnswerRpc = (request: Request, response: Response) => Promise<boolean>;

/** As JSON-RPC has it: one of both. */
interface Answered {
  readonly result?: unknown;
  readonly error?: RpcError;
}

export function jsonRpcEndpoint(handler: DurableRequestHandler, sendFrames: SendFrames): AnswerRpc {
  const transport = new JsonRpcTransportHandler(handler);

  /** What the SDK's transport makes of a SendMessage, without reading and writing again what was checked. */
  const sent = async (rpc: CheckedRequest, context: ServerCallContext) => {
    const { id = null, message } = rpc;
    const request = toSend(rpc);
    if (request.tenant !== '') context.setTenant(request.tenant);
    try {
      const answer = await handler.send(request, context, message);
      return { jsonrpc: '2.0', id, result: writtenAnswer(answer) };
    } catch (error) {
      return { jsonrpc: '2.0', id, error: toRpcError(error) };
    }
  };

  const answer = async (rpc: CheckedRequest, context: ServerCallContext, response: Response): Promise<void> => {
    const { message, ...wire } = rpc;
    const { generations } = callOf(context);
    const isOurs = message !== undefined || (generations !== undefined && rpc.method === 'SendMessage');
    const made = (await (isOurs ? sent(rpc, context) : transport.handle(wire, context))) as Answered;
    const answered = made.error === undefined ? made : { ...made, error: detailed(made.error) };
    if (generations === undefined || answered.error !== undefined) answerJson(response, answered);
    else answerJson(response, { ...answered, result: generations.stamped(answered.result) });
  };

  const streamOf = (rpc: CheckedRequest, context: ServerCallContext) => {
    if (rpc.method === 'SendStreamingMessage') {
      return handler.streamMessage(toSend(rpc), context, rpc.message);
    }
    if (rpc.method === 'SubscribeToTask')
      return handler.subscribe(SubscribeToTaskRequest.fromJSON(rpc.params), context);
    return undefined;
  };

  /** A notification is done without waiting for what comes of it. */
  const carriedOut = async (rpc: CheckedRequest, context: ServerCallContext): Promise<void> => {
    const { message, ...wire } = rpc;
    if (rpc.method === 'SendMessage') {
      const request = toSend(rpc);
      const configuration = {
        ...SendMessageConfiguration.fromJSON({}),
        ...request.configuration,
        returnImmediately: true,
      };
      await handler.send({ ...request, configuration }, context, message);
    } else await (streamOf(rpc, context) ?? transport.handle(wire, context));
  };

  return async (request, response) => {
    const body: unknown = request.body;
    if (!isRequest(body)) {
      answerJson(response, { jsonrpc: '2.0', id: null, error: INVALID_REQUEST });
      return true;
    }
    const { id = null } = body;
    try {
      const scope = methodScopes.get(body.method);
      if (scope === undefined) {
        const error = { code: METHOD_NOT_FOUND, message: worthTelling(`Method not found: ${body.method}`) };
        if (isNotification(body)) response.status(NO_CONTENT).end();
        else answerJson(response, { jsonrpc: '2.0', id, error });
        return true;
      }
      callerOf(request, scope);
      tracing()?.note({ 'a2a.method.name': body.method, 'a2a.protocol.binding': 'JSONRPC' });
      const rpc = checkedRequest(body);
      if (rpc === undefined) {
        refuseVersion(request.get('a2a-version'));
        request.body = { ...body, params: readOldParams(body.method, body.params) };
        return false;
      }
      // The tenant is in the params: the SDK's handler and ours take it from there.
      const context = contextOf(request, response);
      callOf(context).generations?.readParams(rpc.params);
      if (isNotification(body)) {
        await carriedOut(rpc, context);
        response.status(NO_CONTENT).end();
        return true;
      }
      const frames = streamOf(rpc, context);
      if (frames === undefined) await answer(rpc, context, response);
      else sendFrames(response, await frames, (result) => ({ jsonrpc: '2.0', id, result }));
    } catch (error) {
      if (isNotification(body)) {
        const { http } = httpErrors[toContinuoError(error).code];
        response.status(toldByHttp.includes(http) ? http : NO_CONTENT).end();
        return true;
      }
      const toBody = (known: unknown): unknown => ({ jsonrpc: '2.0', id, error: toRpcError(known) });
      refuse(response, error, toBody, (status) => (toldByHttp.includes(status) ? status : 200));
    }
    return true;
  };
}

/** What is asked for, as the SDK reads it, but for a message that was read already. */
function toSend({ params, message }: CheckedRequest): SendMessageRequest {
  if (message === undefined) return SendMessageRequest.fromJSON(params);
  const { message: _read, ...others } = params as { readonly message?: unknown };
  return SendMessageRequest.fromJSON(others);
}

/** The methods of version 0.3, which the SDK answers. */
export function oldJsonRpcEndpoint(handler: DurableRequestHandler): RequestHandler {
  const answer = jsonRpcHandler({ requestHandler: handler, userBuilder: sdkUser, legacyCompat: { enabled: true } });
  const stream = oldMessageStream(handler);
  return (request, response, next) => {
    const body: unknown = request.body;
    if (!isRequest(body)) return answer(request, response, next);
    if (isNotification(body)) {
      if (body.method === 'tasks/resubscribe') return void response.status(NO_CONTENT).end();
      // The SDK serves none.
      request.body = { ...withoutWaiting(body), id: 'notification' };
      response.json = () => response.status(NO_CONTENT).end();
    } else if (body.method === 'message/stream' && isOld(request)) return stream(body, request, response);
    return answer(request, response, next);
  };
}

/** As the SDK has it: what says no version is of 0.3. */
function isOld(request: Request): boolean {
  return ['', '0.3'].includes(request.get('a2a-version') ?? '');
}

/** A notification is done without waiting for what comes of it. */
function withoutWaiting(request: JsonRpcRequest): JsonRpcRequest {
  const { method, params } = request;
  if ((method !== 'message/stream' && method !== 'message/send') || !isObject(params)) return request;
  const { configuration } = params;
  const asked = { ...(isObject(configuration) ? configuration : {}), blocking: false };
  return { ...request, method: 'message/send', params: { ...params, configuration: asked } };
}

/** It asks for no answer, and gets none, whatever comes of it (JSON-RPC 2.0, section 4.1). */
function isNotification(request: JsonRpcRequest): boolean {
  return !('id' in request);
}
