/** Errors as MCP has them: of JSON-RPC, with the statuses of HTTP that its transport asks for where no call could be read. */
import type { Request, Response } from 'express';
import { ContinuoError, type ErrorCode } from '@continuo/agent/internal/platform/errors.js';
import { httpStatusOf, toErrorBody } from '../../platform/http-errors.js';
import { requestIdOf } from '../../platform/refusal-log.js';
import type { ProtocolParts } from '../protocol.js';
import { metadataUrl } from './protected-resource.js';

export const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
const INTERNAL = -32603;
export const RESOURCE_NOT_FOUND = -32002;

/** An error that has a number of its own. */
class RpcRefusal extends ContinuoError {
  constructor(
    readonly rpcCode: number,
    code: ErrorCode,
    message: string,
  ) {
    super(code, message);
  }
}

export function refusal(rpcCode: number, code: ErrorCode, message: string): ContinuoError {
  return new RpcRefusal(rpcCode, code, message);
}

export function methodNotFound(method: string): ContinuoError {
  return refusal(METHOD_NOT_FOUND, 'ROUTE_NOT_FOUND', `There is no method "${method}".`);
}

/** What the client can mend is its parameters' fault. */
function rpcCodeOf(error: ContinuoError): number {
  if (error instanceof RpcRefusal) return error.rpcCode;
  const status = httpStatusOf(error);
  return status < 500 && status !== 429 ? INVALID_PARAMS : INTERNAL;
}

/** `data` has the code of ours and the field at fault, as over A2A. */
function toRpcError(error: ContinuoError, request: Request) {
  const { message, details } = toErrorBody(error, requestIdOf(request)).error;
  return { code: rpcCodeOf(error), message, data: details };
}

export function errorResponse(id: string | number | null, error: ContinuoError, request: Request) {
  return { jsonrpc: '2.0', id, error: toRpcError(error, request) };
}

/** Of a request in which no call was read. Who isn't let in is told where tokens come from (RFC 9728, section 5.1). */
export function answerMcpError(
  error: ContinuoError,
  request: Request,
  response: Response,
  { config }: Pick<ProtocolParts, 'config'>,
): void {
  const challenge = response.getHeader('WWW-Authenticate');
  if (typeof challenge === 'string' && config.auth.includes('jwt')) {
    response.setHeader('WWW-Authenticate', `${challenge}, resource_metadata="${metadataUrl(request, config)}"`);
  }
  response.status(httpStatusOf(error)).json(errorResponse(null, error, request));
}
