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
import { isPlainEndpoint } from './plain-endpoint.js';
import { isRequest } from './wire-requests.js';

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const RPC_PATH = /^\/agents\/[^/]+\/[^/]+\/?$/i;
const LIST_OF_AGENTS = /^\/agents\/?$/i;
const BELOW_AN_AGENT = /^\/agents\/[^/]+\/[^/]+(\/.+)$/i;

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
  const { error: body } = toErrorBody(error);
  if (!RPC_PATH.test(path)) {
    // What is refused early has not been looked at yet.
    readVersionOfQuery(request);
    const below = BELOW_AN_AGENT.exec(path)?.[1] ?? '';
    if (LIST_OF_AGENTS.test(path) || isPlainEndpoint(request, below))
      return void response.status(http).json({ error: body });
    // Section 11.1.
    response.status(http).type(A2A_JSON);
    return void response.json({ error: { ...body, details: a2aDetails(body.details) } });
  }
  const code = error.field === 'body' ? ofBody(error) : toJsonRpcError(toA2AError(error)).code;
  const data = a2aDetails(toErrorDetails(error));
  const id = isRequest(request.body) ? (request.body.id ?? null) : null;
  response.status(http).json({ jsonrpc: '2.0', id, error: { code, message: body.message, data } });
}

/** What was counted and refused may be JSON. */
function ofBody({ expected }: ContinuoError): number {
  return expected === WELL_FORMED ? PARSE_ERROR : INVALID_REQUEST;
}
