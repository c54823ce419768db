/** What the OpenAPI document says of one operation. */
import type { z } from 'zod';
import type { Scope } from '../../platform/caller.js';
import type { ErrorCode } from '@continuo/agent/internal/platform/errors.js';
import type { AnswerHeader, RequestHeader } from './headers.js';

export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'head' | 'post' | 'patch' | 'delete';
  /** With its parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** The scope that a caller needs. */
  readonly access: Scope | 'public';
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A call without a body works as well. */
  readonly bodyOptional?: boolean;
  /** The body is content of this media type, not JSON. */
  readonly content?: string;
  /** Headers of the request that count. */
  readonly headers?: readonly RequestHeader[];
  /** Whether it takes an `Idempotency-Key`. */
  readonly idempotent?: boolean;
  /** Undefined for an answer without a body. */
  readonly answer?: z.ZodType;
  /** Statuses with which it succeeds. Default: 200, and 204 without an answer. */
  readonly statuses?: readonly (200 | 201 | 204)[];
  readonly answerHeaders?: readonly AnswerHeader[];
  /** The answer is a stream of Server-Sent Events whose data are `answer`, and resumes behind `Last-Event-ID`. */
  readonly stream?: boolean;
  /** The answer is text of this media type, not JSON. */
  readonly text?: string;
  /** The answer is a file, whose ranges can be asked for. */
  readonly file?: boolean;
  /** What it refuses, beside what every operation of its kind does. */
  readonly errors?: readonly ErrorCode[];
}
