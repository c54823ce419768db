/** Answers whatever a handler throws with A2A's google.rpc.Status shape. */
import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { LOG } from '@continuo/agent/internal/platform/tokens.js';
import { httpErrors, toErrorBody } from '../platform/http-errors.js';
import type { Log } from '../platform/log.js';
import { toContinuoError } from '../platform/to-continuo-error.js';

/** For everything: on our own controllers, and global where the whole server is ours. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const requestId = requestIdOf(request);
    const error = toContinuoError(thrown);
    this.#record(error, requestId);
    if (response.headersSent) {
      // A stream that breaks off: the client notices, and resumes where it was.
      response.destroy();
      return;
    }
    if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(error.retryAfterSeconds));
    response.status(httpErrors[error.code].http).json(toErrorBody(error, requestId));
  }

  #record(error: ContinuoError, requestId: string | undefined): void {
    const { http } = httpErrors[error.code];
    if (http === 500) this.log.error({ err: error, requestId }, 'a request failed');
    else if (http > 500) this.log.warn({ err: error.message, requestId }, 'a request was refused');
  }
}

/** For our errors alone: global, also in somebody else's application, whose own errors are not our business. */
@Catch(ContinuoError)
export class ContinuoErrorFilter extends ErrorFilter {}

/** The id that the request log gave the request. */
function requestIdOf(request: Request): string | undefined {
  const id: unknown = 'id' in request ? request.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}
