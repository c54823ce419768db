/** Errors as AG-UI has them: what its stream would have said, as the body of an answer with a status. */
import type { Request, Response } from 'express';
import type { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { httpStatusOf, toErrorBody } from '../../platform/http-errors.js';
import { requestIdOf } from '../../platform/refusal-log.js';

export function answerAgUiError(error: ContinuoError, request: Request, response: Response): void {
  const status = httpStatusOf(error);
  const { message } = toErrorBody(error, requestIdOf(request)).error;
  response.status(status).json({
    type: 'RUN_ERROR',
    message,
    code: status === 500 ? 'internal' : error.code.toLowerCase(),
    ...(error.field === undefined ? {} : { metadata: { field: error.field } }),
  });
}
