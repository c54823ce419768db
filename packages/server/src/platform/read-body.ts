/** Reads a JSON body, unless something before us has read it already. */
import type { Request, Response } from 'express';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { JSON_TYPES, jsonReader, type BodyLimits, type ReadJson } from './json-body.js';

const readers = new WeakMap<BodyLimits, ReadJson>();

/**
 * The body as JSON; undefined when there is none. Throws CONTENT_TYPE_NOT_SUPPORTED for a body that isn't JSON, and
 * as `jsonReader` does.
 */
export async function readBody(request: Request, response: Response, limits: BodyLimits): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  if (!request.is([...JSON_TYPES])) {
    throw new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', 'The body must be JSON, sent as application/json.', {
      field: 'Content-Type',
      expected: 'application/json',
    });
  }
  await readerOf(limits)(request, response);
  const body: unknown = request.body;
  return body;
}

/** One for each configuration: making it takes longer than reading a body. */
function readerOf(limits: BodyLimits): ReadJson {
  const reader = readers.get(limits) ?? jsonReader(limits);
  readers.set(limits, reader);
  return reader;
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
