/** Errors as OpenAI's API has them: `{ error: { message, type, param, code } }`, with the statuses that its clients act on. */
import type { Request, Response } from 'express';
import type { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { httpStatusOf, toErrorBody } from '../../platform/http-errors.js';
import { requestIdOf } from '../../platform/refusal-log.js';

/** Clients choose the class of their error by the status; the type is for people. */
export function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

export interface OpenAIError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

/** `param` is the field, `code` ours in small letters, as `agent_not_found`. */
function toOpenAIError(error: ContinuoError, requestId: string | undefined): OpenAIError {
  const status = httpStatusOf(error);
  const { message } = toErrorBody(error, requestId).error;
  const code = status === 500 ? 'internal' : error.code.toLowerCase();
  return { message, type: typeOf(status), param: error.field ?? null, code };
}

export function answerOpenAIError(error: ContinuoError, request: Request, response: Response): void {
  response.status(httpStatusOf(error)).json({ error: toOpenAIError(error, requestIdOf(request)) });
}
