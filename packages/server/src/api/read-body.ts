/** Reads a JSON body, unless something before us has read it already. */
import express, { type Request, type Response } from 'express';
import { ContinuoError } from '../platform/errors.js';

/**
 * The body as JSON; undefined when there is none. Throws CONTENT_TYPE_NOT_SUPPORTED for a body that isn't JSON, and
 * what Express's body parser throws (413, 400), which `toContinuoError` understands.
 */
export async function readBody(request: Request, response: Response, limitBytes: number): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  if (!request.is(['application/json', 'application/*+json'])) {
    throw new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', 'The body must be JSON, sent as application/json.', {
      field: 'Content-Type',
      expected: 'application/json',
    });
  }
  const read = express.json({ limit: limitBytes, strict: false, type: () => true });
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error?: unknown) => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('the body could not be read', { cause: error }));
    });
  });
  const body: unknown = request.body;
  return body;
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
