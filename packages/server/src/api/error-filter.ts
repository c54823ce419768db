/** Answers whatever a handler throws with A2A's google.rpc.Status shape. */
import { Catch, Inject, Optional, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { httpStatusOf, toErrorBody } from '../platform/http-errors.js';
import type { Log } from '../platform/log.js';
import { requestIdOf, tellOfRefusal } from '../platform/refusal-log.js';
import { toContinuoError } from '../platform/to-continuo-error.js';
import { LOG } from '@continuo/agent/internal/platform/tokens.js';

/** For the endpoints of the API. */
export function answerApiErrors(log: Log): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => answerApiError(thrown, request, response, log);
}

function answerApiError(thrown: unknown, request: Request, response: Response, log: Log): void {
  const requestId = requestIdOf(request);
  const error = toContinuoError(thrown);
  tellOfRefusal(error, requestId, log);
  if (response.headersSent) {
    // A stream that breaks off: the client notices, and resumes where it was.
    response.destroy();
    return;
  }
  if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(error.retryAfterSeconds));
  response.status(httpStatusOf(error)).json(toErrorBody(error, requestId));
}

/** For everything that the stand-alone server serves. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerApiError(thrown, http.getRequest<Request>(), http.getResponse<Response>(), this.log);
  }
}

/** For our errors alone, thrown in the controllers of an application that works with `Agents`, `Tasks` and `Sessions`. */
@Catch(ContinuoError)
export class ContinuoErrorFilter implements ExceptionFilter<ContinuoError> {
  constructor(
    @Inject(LOG) private readonly log: Log,
    @Optional() @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
  ) {}

  catch(error: ContinuoError, host: ArgumentsHost): void {
    // Whoever serves something else than HTTP knows how errors go out there.
    if (host.getType() !== 'http') throw error;
    const { httpAdapter } = this.adapterHost;
    const response: unknown = host.switchToHttp().getResponse();
    const requestId = requestIdOf(host.switchToHttp().getRequest());
    tellOfRefusal(error, requestId, this.log);
    if (httpAdapter.isHeadersSent(response)) {
      httpAdapter.end(response);
      return;
    }
    const { retryAfterSeconds } = error;
    if (retryAfterSeconds !== undefined) httpAdapter.setHeader(response, 'retry-after', String(retryAfterSeconds));
    httpAdapter.reply(response, toErrorBody(error, requestId), httpStatusOf(error));
  }
}
