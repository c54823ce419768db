/** A2A's HTTP+JSON binding for one agent: the SDK's handler behind our checks, and our own streams. */
import { SendMessageRequest } from '@a2a-js/sdk';
import { toRestErrorBody } from '@a2a-js/sdk/errors';
import { restHandler } from '@a2a-js/sdk/server/express';
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { callerOf } from '../auth/principal.js';
import { answerJson } from '../platform/answer-json.js';
import { contextOf, refuseVersion, sdkUser } from './call-context.js';
import type { DurableRequestHandler } from './durable-request-handler.js';
import { A2A_JSON } from './media-type.js';
import { restScope } from './method-scopes.js';
import { generationsOf } from './generations.js';
import { isReadAlike, writtenAnswer } from './plain-messages.js';
import { checkOldBody } from './old-requests.js';
import { endAtQuestion } from './old-streams.js';
import { fromProtoJson, pushShape, sendShape } from './proto-json.js';
import { nameStatuses, refuse, type SendFrames } from './responses.js';
import { listQuery, pushConfig, sendParams, taskQuery } from './wire-requests.js';

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
  const tenantOf = (request: Request): string | undefined => {
    const { tenant } = request.params;
    return typeof tenant === 'string' ? tenant : undefined;
  };

  router.use((request, response, next) => {
    tracing()?.note({ 'a2a.protocol.binding': 'HTTP+JSON' });
    if (!isPlainEndpoint(request)) nameStatuses(response, generationsOf(request));
    callerOf(request, restScope(request));
    next();
  });
  router.use((request, response, next) => {
    if (!isOldPath(request)) return next();
    try {
      // The SDK's reader takes of a number what it can make out.
      parse(taskQuery, request.query);
      if (request.path === '/v1/message:send' || request.path === '/v1/message:stream') checkOldBody(request.body);
      if (request.path === '/v1/message:stream') endAtQuestion(response);
      sdkRest(request, response, next);
    } catch (error) {
      refuseRest(response, error);
    }
  });
  router.post(
    ['/message\\:send', '/:tenant/message\\:send'],
    rest(async (request, response) => {
      const body = (request.body = fromProtoJson(sendShape, request.body ?? {}) as object);
      const { message } = parse(sendParams, body);
      generationsOf(request)?.readParams(body);
      if (!isPlain(request) || !isReadAlike((body as { readonly message?: unknown }).message, message)) return true;
      const context = contextOf(request, response, undefined);
      const answer = writtenAnswer(await handler.send(SendMessageRequest.fromJSON(body), context, message));
      answerJson(response, generationsOf(request)?.stamped(answer) ?? answer, A2A_JSON);
      return false;
    }),
  );
  router.post(
    ['/message\\:stream', '/:tenant/message\\:stream'],
    rest(async (request, response) => {
      request.body = fromProtoJson(sendShape, request.body ?? {});
      parse(sendParams, request.body);
      generationsOf(request)?.readParams(request.body);
      const context = contextOf(request, response, tenantOf(request));
      const frames = await handler.streamMessage(SendMessageRequest.fromJSON(request.body), context);
      await sendFrames(response, frames, (data) => data);
      return false;
    }),
  );
  router.all(
    ['/tasks/:taskId\\:subscribe', '/:tenant/tasks/:taskId\\:subscribe'],
    rest(async (request, response) => {
      if (request.method !== 'GET' && request.method !== 'POST') return true;
      const context = contextOf(request, response, tenantOf(request));
      const frames = await handler.subscribe({ id: String(request.params['taskId']), tenant: '' }, context);
      await sendFrames(response, frames, (data) => data);
      return false;
    }),
  );
  router.post(
    ['/tasks/:taskId/pushNotificationConfigs', '/:tenant/tasks/:taskId/pushNotificationConfigs'],
    rest(async (request) => {
      request.body = fromProtoJson(pushShape, request.body ?? {});
      parse(pushConfig, request.body);
      return true;
    }),
  );
  router.get(
    ['/tasks', '/:tenant/tasks'],
    rest(async (request) => {
      if (!isPlainEndpoint(request)) parse(listQuery, request.query);
      return true;
    }),
  );
  router.get(
    ['/tasks/:taskId', '/:tenant/tasks/:taskId'],
    rest(async (request) => {
      parse(taskQuery, request.query);
      generationsOf(request)?.readQuery(request.query);
      return true;
    }),
  );
  router.use((request, response, next) => {
    if (isPlainEndpoint(request)) next();
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

/**
 * `/tasks` without a tenant is the API's for whoever doesn't say that he speaks A2A: the API serves more there than A2A's
 * ListTasks, and asks for no extensions. So is `DELETE /tasks/:id`.
 */
function isPlainEndpoint(request: Request): boolean {
  const { method, path } = request;
  const isList = path === '/tasks' && (method !== 'GET' || (request.get('a2a-version') ?? '') === '');
  return isList || (method === 'DELETE' && /^\/tasks\/[^/]+$/.test(path));
}
