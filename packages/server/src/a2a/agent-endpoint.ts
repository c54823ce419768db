/** One agent on HTTP: the SDK's handlers for its operations, our own for its streams, which carry ids and resume. */
import { StreamResponse, SendMessageRequest, SubscribeToTaskRequest } from '@a2a-js/sdk';
import { toJsonRpcError, toRestErrorBody, restStatusFor } from '@a2a-js/sdk/errors';
import { jsonRpcHandler, restHandler } from '@a2a-js/sdk/server/express';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { parse } from '../platform/parse.js';
import { closedSignal, streamEvents } from '../platform/sse.js';
import { toA2AError } from './a2a-errors.js';
import { contextOf, HttpUser, refuseVersion } from './call-context.js';
import type { DurableRequestHandler } from './durable-request-handler.js';
import type { Frame } from './task-streams.js';
import { jsonRpcParams, jsonRpcStreams, listQuery, sendParams, taskQuery, type JsonRpcRequest } from './wire-requests.js';

export interface EndpointOptions {
  readonly handler: DurableRequestHandler;
  readonly sseHeartbeatMs: number;
}

const sdk = { userBuilder: (request: Request) => Promise.resolve(new HttpUser(request, responseOf(request))) };

function responseOf(request: Request): Response {
  if (request.res === undefined) throw new Error('A request without its response.');
  return request.res;
}

/** Handles `POST /` (JSON-RPC) and the paths of A2A's HTTP+JSON binding below it. The body has been parsed. */
export function agentEndpoint({ handler, sseHeartbeatMs }: EndpointOptions): RequestHandler {
  const router = Router();
  const options = { ...sdk, requestHandler: handler, legacyCompat: { enabled: true } };

  const stream = async (
    response: Response,
    frames: AsyncIterable<Frame>,
    wrap: (data: StreamResponse) => unknown,
  ): Promise<void> => {
    const wrapped = mapFrames(frames, wrap);
    await streamEvents(response, wrapped, { heartbeatMs: sseHeartbeatMs, signal: closedSignal(response) });
  };

  router.post('/', async (request, response, next) => {
    const body: unknown = request.body;
    try {
      const params = jsonRpcParams(body);
      if (params === undefined) return next();
      refuseVersion(request.get('a2a-version'));
      if (!jsonRpcStreams(body)) return next();
      const context = contextOf(request, response, params.tenant);
      const frames =
        body.method === 'SendStreamingMessage'
          ? await handler.streamMessage(SendMessageRequest.fromJSON(body.params), context)
          : await handler.subscribe(SubscribeToTaskRequest.fromJSON(body.params), context);
      await stream(response, frames, (result) => ({ jsonrpc: '2.0', id: body.id ?? null, result }));
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const { id } = body as JsonRpcRequest;
      const status = restStatusFor(toA2AError(error)) === 503 ? 503 : 200;
      response.status(status).json({ jsonrpc: '2.0', id: id ?? null, error: toJsonRpcError(toA2AError(error)) });
    }
  });
  router.post('/', jsonRpcHandler(options));

  const rest = (work: (request: Request, response: Response) => Promise<boolean>): RequestHandler => {
    return async (request, response, next) => {
      try {
        refuseVersion(request.get('a2a-version'));
        if (await work(request, response)) next();
      } catch (error) {
        if (response.headersSent) return void response.destroy();
        const known = toA2AError(error);
        const status = restStatusFor(known);
        response.status(status).type('application/a2a+json').json(toRestErrorBody(known, status));
      }
    };
  };
  const tenantOf = (request: Request): string | undefined => {
    const { tenant } = request.params;
    return typeof tenant === 'string' ? tenant : undefined;
  };

  router.post(
    ['/message\\:send', '/:tenant/message\\:send'],
    rest(async (request) => {
      parse(sendParams, request.body ?? {});
      return true;
    }),
  );
  router.post(
    ['/message\\:stream', '/:tenant/message\\:stream'],
    rest(async (request, response) => {
      parse(sendParams, request.body ?? {});
      const context = contextOf(request, response, tenantOf(request));
      const frames = await handler.streamMessage(SendMessageRequest.fromJSON(request.body), context);
      await stream(response, frames, (data) => data);
      return false;
    }),
  );
  router.all(
    ['/tasks/:taskId\\:subscribe', '/:tenant/tasks/:taskId\\:subscribe'],
    rest(async (request, response) => {
      if (request.method !== 'GET' && request.method !== 'POST') return true;
      const context = contextOf(request, response, tenantOf(request));
      const frames = await handler.subscribe({ id: String(request.params['taskId']), tenant: '' }, context);
      await stream(response, frames, (data) => data);
      return false;
    }),
  );
  router.get(
    '/:tenant/tasks',
    rest(async (request) => {
      parse(listQuery, request.query);
      return true;
    }),
  );
  router.get(
    ['/tasks/:taskId', '/:tenant/tasks/:taskId'],
    rest(async (request) => {
      parse(taskQuery, request.query);
      return true;
    }),
  );
  const sdkRest = restHandler(options);
  router.use((request, response, next) => {
    if (isPlainEndpoint(request)) next();
    else sdkRest(request, response, next);
  });
  return router;
}

/** `/tasks` without a tenant, and `DELETE /tasks/:id`, are the API's: they serve A2A's ListTasks and more. */
function isPlainEndpoint({ method, path }: Request): boolean {
  return path === '/tasks' || (method === 'DELETE' && /^\/tasks\/[^/]+$/.test(path));
}

async function* mapFrames(
  frames: AsyncIterable<Frame>,
  wrap: (data: StreamResponse) => unknown,
): AsyncIterable<{ readonly id: number; readonly data: unknown }> {
  for await (const { id, data } of frames) yield { id, data: wrap(data as unknown as StreamResponse) };
}
