/** A2A's HTTP+JSON binding for one agent: the SDK's handler behind our checks, and our own streams. */
import { SendMessageRequest, SubscribeToTaskRequest } from '@a2a-js/sdk';
import { toRestErrorBody } from '@a2a-js/sdk/errors';
import { restHandler } from '@a2a-js/sdk/server/express';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { callerOf } from '../auth/principal.js';
import { answerJson } from '../platform/answer-json.js';
import { answeredBySdk } from './agent-routes.js';
import { contextOf, refuseVersion, sdkUser } from './call-context.js';
import type { DurableRequestHandler } from './durable-request-handler.js';
import { A2A_JSON } from './media-type.js';
import { restScope } from './method-scopes.js';
import { generationsOf } from './generations.js';
import { isPlainEndpoint } from './plain-endpoint.js';
import { writtenAnswer } from './plain-messages.js';
import { readOldRequest } from './old-rest-requests.js';
import { endAtBody, endAtQuestion } from './old-streams.js';
import { nameStatuses, refuse, type SendFrames } from './responses.js';
import { readRequest } from './rest-requests.js';

/** Handles the paths below `/agents/:type/:name`. The body has been parsed. */
export function restEndpoint(handler: DurableRequestHandler, sendFrames: SendFrames): RequestHandler {
  const router = Router();
  const sdkRest = restHandler({ requestHandler: handler, userBuilder: sdkUser, legacyCompat: { enabled: true } });
  const rest = (work: (request: Request, response: Response) => Promise<boolean>): RequestHandler => {
    return async (request, response, next) => {
      try {
        refuseVersion(request.get('a2a-version'));
        if (await work(request, response)) next();
      } catch (error) {
        refuseRest(response, error);
      }
    };
  };

  router.use((request, response, next) => {
    tracing()?.note({ 'a2a.protocol.binding': 'HTTP+JSON' });
    if (!isPlainEndpoint(request, request.path)) nameStatuses(response, generationsOf(request));
    callerOf(request, restScope(request));
    next();
  });
  router.use((request, response, next) => {
    if (!isOldPath(request)) return next();
    try {
      refuseVersion(request.get('a2a-version'));
      if (!readOldRequest(request)) return next('router');
      if (request.path === '/v1/message:stream') endAtQuestion(response);
      if (request.method === 'HEAD') endAtBody(response);
      sdkRest(request, response, next);
    } catch (error) {
      refuseRest(response, error);
    }
  });
  router.post(
    ['/message\\:send', '/:tenant/message\\:send'],
    rest(async (request, response) => {
      const { params, message } = readRequest('SendMessage', request);
      generationsOf(request)?.readParams(params);
      if (!isPlain(request) || message === undefined) return true;
      const context = contextOf(request, response);
      const answer = writtenAnswer(await handler.send(SendMessageRequest.fromJSON(params), context, message));
      answerJson(response, generationsOf(request)?.stamped(answer) ?? answer, A2A_JSON);
      return false;
    }),
  );
  router.post(
    ['/message\\:stream', '/:tenant/message\\:stream'],
    rest(async (request, response) => {
      const { params, message } = readRequest('SendStreamingMessage', request);
      generationsOf(request)?.readParams(params);
      const context = contextOf(request, response);
      const frames = await handler.streamMessage(SendMessageRequest.fromJSON(params), context, message);
      sendFrames(response, frames, (data) => data);
      return false;
    }),
  );
  router.all(
    ['/tasks/:taskId\\:subscribe', '/:tenant/tasks/:taskId\\:subscribe'],
    rest(async (request, response) => {
      if (!['GET', 'HEAD', 'POST'].includes(request.method)) return true;
      const { params } = readRequest('SubscribeToTask', request);
      const context = contextOf(request, response);
      const frames = await handler.subscribe(SubscribeToTaskRequest.fromJSON(params), context);
      sendFrames(response, frames, (data) => data);
      return false;
    }),
  );
  for (const [method, path, operation] of answeredBySdk) {
    router[method](
      [path, `/:tenant${path}`],
      rest(async (request) => {
        if (isPlainEndpoint(request, request.path)) return true;
        const { params } = readRequest(operation, request);
        generationsOf(request)?.readParams(params);
        return true;
      }),
    );
  }
  router.use((request, response, next) => {
    if (isPlainEndpoint(request, request.path)) next();
    else sdkRest(request, response, next);
  });
  return router;
}

function refuseRest(response: Response, error: unknown): void {
  if (!response.headersSent) response.type(A2A_JSON);
  refuse(response, error, (known, status) => toRestErrorBody(known, status));
}

/** Whether the SDK would do no more with a message than send it: version and type are as they should be, no tenant is named. */
function isPlain(request: Request): boolean {
  const type = request.get('content-type');
  return (
    request.get('a2a-version') === '1.0' &&
    (type === 'application/json' || type === A2A_JSON) &&
    request.params['tenant'] === undefined
  );
}

/** Version 0.3 has all its paths below `/v1`, where 1.0 has a tenant of that name. */
function isOldPath(request: Request): boolean {
  return request.path.startsWith('/v1/') && request.get('a2a-version') !== '1.0';
}
