/** Whatever was thrown while a request was served, as an error with one of our codes. */
import {
  ContinuoError,
  invalidArgument,
  messageOf,
  unavailable,
  type ErrorCode,
} from '@continuo/agent/internal/platform/errors.js';
import { isTransient } from './database.js';
import { ForeignRefusal } from './http-errors.js';

/** What a body was expected to be that no parser can read. */
export const WELL_FORMED = 'well-formed JSON';

/** Codes for the statuses that Express, its body parser and Nest answer with by themselves. */
const codes: Readonly<Record<number, ErrorCode>> = {
  404: 'ROUTE_NOT_FOUND',
  405: 'ROUTE_NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'CONTENT_TYPE_NOT_SUPPORTED',
};

/** What the body parser refuses by its headers, by the type of its error: the header, and what is expected of it. */
const unsupported: Readonly<Record<string, readonly [field: string, expected: string]>> = {
  'charset.unsupported': ['Content-Type', 'JSON in UTF-8'],
  'encoding.unsupported': ['Content-Encoding', 'gzip, deflate, br or none'],
};

export function toContinuoError(thrown: unknown): ContinuoError {
  if (thrown instanceof ContinuoError) return thrown;
  if (isTransient(thrown)) return unavailable(thrown);
  if (isUnstorable(thrown)) return invalidArgument('path', 'a path without U+0000');
  const status = statusOf(thrown);
  if (status === 400) {
    return isUriError(thrown)
      ? invalidArgument('path', 'a path whose percent-encoding is UTF-8')
      : invalidArgument('body', WELL_FORMED);
  }
  const refused = thrown instanceof Error && 'type' in thrown ? unsupported[String(thrown.type)] : undefined;
  if (refused !== undefined) {
    const [field, expected] = refused;
    const details = { field, expected, cause: thrown };
    return new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', `${field}: expected ${expected}`, details);
  }
  const code = status === undefined ? undefined : codes[status];
  if (code !== undefined) return new ContinuoError(code, messageOf(thrown), { cause: thrown });
  if (status !== undefined && isRefusal(status)) return new ForeignRefusal(status, messageOf(thrown), thrown);
  return new ContinuoError('INTERNAL', messageOf(thrown), { cause: thrown });
}

/** Any that says more than that something failed. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 600 && status !== 500;
}

/** Of errors of `http-errors` (Express, body-parser) and of Nest's HttpException. */
function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ('getStatus' in thrown && typeof thrown.getStatus === 'function') return Number(thrown.getStatus());
  if ('status' in thrown && typeof thrown.status === 'number') return thrown.status;
  return undefined;
}

/** PostgreSQL's character_not_in_repertoire: bodies and queries were checked before, so it is in the path. */
function isUnstorable(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === '22021';
}

function isUriError(thrown: unknown): boolean {
  return thrown instanceof URIError || (thrown instanceof Error && thrown.cause instanceof URIError);
}
