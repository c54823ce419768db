/** What the OpenAPI document says of one operation. */
import type { z } from 'zod';

export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** With its parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is content of this media type, not JSON. */
  readonly content?: string;
  /** Headers of the request that count. */
  readonly headers?: readonly string[];
  /** Undefined for an answer without a body. */
  readonly answer?: z.ZodType;
  /** The answer is a stream of Server-Sent Events whose data are `answer`, and resumes behind `Last-Event-ID`. */
  readonly stream?: boolean;
  /** The answer is a file, whose ranges can be asked for. */
  readonly file?: boolean;
}
