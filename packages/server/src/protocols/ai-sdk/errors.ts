/** Errors for AI SDK's clients: what people are shown of an answer that failed is its body. */
import type { Request, Response } from 'express';
import type { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { httpStatusOf, toErrorBody } from '../../platform/http-errors.js';
import { requestIdOf } from '../../platform/refusal-log.js';

export function answerAiSdkError(error: ContinuoError, request: Request, response: Response): void {
  const { message } = toErrorBody(error, requestIdOf(request)).error;
  response.status(httpStatusOf(error)).type('text/plain').send(message);
}
