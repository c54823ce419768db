/** The details of an error as every binding and path has them: one reason and one domain for each kind, and which field is wrong. */
import { A2A_ERROR_DOMAIN, ERROR_INFO_TYPE } from '@a2a-js/sdk/errors';
import { z } from 'zod';
import { CONTINUO_DOMAIN, type ErrorDetail } from '../platform/http-errors.js';

const MALFORMED = 'INVALID_PARAMS';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/** The kinds of errors that A2A defines (section 5.4), by their reasons. */
const a2a: ReadonlySet<string> = new Set([
  'TASK_NOT_FOUND',
  'TASK_NOT_CANCELABLE',
  'PUSH_NOTIFICATION_NOT_SUPPORTED',
  'UNSUPPORTED_OPERATION',
  'CONTENT_TYPE_NOT_SUPPORTED',
  'INVALID_AGENT_RESPONSE',
  'EXTENDED_AGENT_CARD_NOT_CONFIGURED',
  'EXTENSION_SUPPORT_REQUIRED',
  'VERSION_NOT_SUPPORTED',
  // Of A2A 1.1.
  'TASK_GENERATION_MISMATCH',
  MALFORMED,
]);

const infoSchema = z.looseObject({
  '@type': z.literal(ERROR_INFO_TYPE),
  reason: z.string(),
  metadata: z.record(z.string(), z.string()).optional(),
});

/** Whose kind of error it is. */
export function domainOf(reason: string): string {
  return a2a.has(reason) ? A2A_ERROR_DOMAIN : CONTINUO_DOMAIN;
}

/** What the plain API calls INVALID_ARGUMENT is INVALID_PARAMS to A2A's clients, which know it by that. */
export function a2aDetails(details: readonly ErrorDetail[]): readonly ErrorDetail[] {
  const [first, ...more] = details;
  const { data: given } = infoSchema.safeParse(first);
  if (given === undefined) return details;
  const reason = given.reason === 'INVALID_ARGUMENT' ? MALFORMED : given.reason;
  const info = { '@type': ERROR_INFO_TYPE, reason, domain: domainOf(reason), metadata: given.metadata ?? {} };
  const lacks = (type: string): boolean => !more.some((detail) => detail['@type'] === type);
  const { field, expected, retryDelay } = given.metadata ?? {};
  const description = expected === undefined ? 'expected another value' : `expected ${expected}`;
  const wrong = reason === MALFORMED && field !== undefined && lacks(BAD_REQUEST);
  return [
    info,
    ...more,
    ...(wrong ? [{ '@type': BAD_REQUEST, fieldViolations: [{ field, description }] }] : []),
    ...(retryDelay !== undefined && lacks(RETRY_INFO) ? [{ '@type': RETRY_INFO, retryDelay }] : []),
  ];
}
