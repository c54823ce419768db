/** What fails before an operation begins: JSON-RPC calls are answered as JSON-RPC answers, all others as A2A's REST does. */
import { toJsonRpcError } from '@a2a-js/sdk/errors';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { httpErrors, httpStatusOf, toErrorBody, toErrorDetails } from '../platform/http-errors.js';
import type { Log } from '../platform/log.js';
import { toContinuoError, WELL_FORMED } from '../platform/to-continuo-error.js';
import { toA2AError } from './a2a-errors.js';
import { readVersionOfQuery } from './call-context.js';
import { a2aDetails } from './error-details.js';
import { A2A_JSON } from './media-type.js';
import { isRequest } from './wire-requests.js';

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const RPC_PATH = /^\/agents\/[^/]+\/[^/]+\/?$/i;
/** The plain API's, and the list of agents. */
const PLAIN_PATH = /^\/agents(?:\/[^/]+\/[^/]+\/tasks)?\/?$/i;
/** The plain API's where it is deleted. */
const TASK_PATH = /^\/agents\/[^/]+\/[^/]+\/tasks\/[^/]+\/?$/i;

export function answerErrors(log: Log): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = toContinuoError(thrown);
    if (httpErrors[error.code].http === 500) log.error({ err: thrown }, 'a request failed');
    answerError(error, request, response);
  };
}

/** Answers each request that `check` finds something wrong with, and passes the others on. */
export function refuseWhat(check: (request: Request) => ContinuoError | undefined): RequestHandler {
  return (request, response, next) => {
    const error = check(request);
    if (error === undefined) next();
    else answerError(error, request, response);
  };
}

function answerError(error: ContinuoError, request: Request, response: Response): void {
  const http = httpStatusOf(error);
  if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', error.retryAfterSeconds);
  const path = request.baseUrl + request.path;
  if (!RPC_PATH.test(path)) {
    const { error: body } = toErrorBody(error);
    const isPlain =
      (PLAIN_PATH.test(path) && !isListOfA2A(request)) || (request.method === 'DELETE' && TASK_PATH.test(path));
    if (isPlain) return void response.status(http).json({ error: body });
    // Section 11.1.
    response.status(http).type(A2A_JSON);
    return void response.json({ error: { ...body, details: a2aDetails(body.details) } });
  }
  const code = error.field === 'body' ? ofBody(error) : toJsonRpcError(toA2AError(error)).code;
  const data = a2aDetails(toErrorDetails(error));
  const id = isRequest(request.body) ? (request.body.id ?? null) : null;
  response.status(http).json({ jsonrpc: '2.0', id, error: { code, message: error.message, data } });
}

/** A2A's ListTasks has the path of the plain API's, and says its version. */
function isListOfA2A(request: Request): boolean {
  readVersionOfQuery(request);
  return request.method === 'GET' && (request.get('a2a-version') ?? '') !== '';
}

/** What was counted and refused may be JSON. */
function ofBody({ expected }: ContinuoError): number {
  return expected === WELL_FORMED ? PARSE_ERROR : INVALID_REQUEST;
}
