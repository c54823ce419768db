/** The table from error codes to HTTP: status, the name that google.rpc.Code gives it, and the body. */
import { ContinuoError, type ErrorCode } from '@continuo/agent/internal/platform/errors.js';
import { cutToBytes } from '@continuo/agent/internal/platform/text.js';

export interface HttpError {
  readonly http: number;
  /** The name of the google.rpc.Code. */
  readonly status: string;
}

const INTERNAL: HttpError = { http: 500, status: 'INTERNAL' };

export const httpErrors: Readonly<Record<ErrorCode, HttpError>> = {
  INVALID_ARGUMENT: { http: 400, status: 'INVALID_ARGUMENT' },
  UNAUTHENTICATED: { http: 401, status: 'UNAUTHENTICATED' },
  PERMISSION_DENIED: { http: 403, status: 'PERMISSION_DENIED' },
  HOST_NOT_ALLOWED: { http: 403, status: 'PERMISSION_DENIED' },
  ORIGIN_NOT_ALLOWED: { http: 403, status: 'PERMISSION_DENIED' },
  TENANT_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  KEY_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  AGENT_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  AGENT_EXISTS: { http: 409, status: 'ALREADY_EXISTS' },
  TASK_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  ARTIFACT_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  FILE_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  SESSION_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  MEMORY_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  WEBHOOK_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  DELIVERY_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  ROUTE_NOT_FOUND: { http: 404, status: 'NOT_FOUND' },
  TASK_NOT_CANCELABLE: { http: 400, status: 'FAILED_PRECONDITION' },
  TASK_NOT_DELETABLE: { http: 409, status: 'FAILED_PRECONDITION' },
  UNSUPPORTED_OPERATION: { http: 400, status: 'FAILED_PRECONDITION' },
  TASK_GENERATION_MISMATCH: { http: 409, status: 'ABORTED' },
  PUSH_NOTIFICATION_NOT_SUPPORTED: { http: 400, status: 'FAILED_PRECONDITION' },
  EXTENSION_SUPPORT_REQUIRED: { http: 400, status: 'FAILED_PRECONDITION' },
  CONTENT_TYPE_NOT_SUPPORTED: { http: 415, status: 'INVALID_ARGUMENT' },
  VERSION_NOT_SUPPORTED: { http: 400, status: 'FAILED_PRECONDITION' },
  PAYLOAD_TOO_LARGE: { http: 413, status: 'INVALID_ARGUMENT' },
  UPLOAD_MISMATCH: { http: 409, status: 'ABORTED' },
  RATE_LIMITED: { http: 429, status: 'RESOURCE_EXHAUSTED' },
  QUOTA_EXCEEDED: { http: 429, status: 'RESOURCE_EXHAUSTED' },
  REQUEST_TIMEOUT: { http: 408, status: 'DEADLINE_EXCEEDED' },
  UNAVAILABLE: { http: 503, status: 'UNAVAILABLE' },
  AGENT_INVALID: INTERNAL,
  METADATA_MISSING: INTERNAL,
  CONFIG_INVALID: INTERNAL,
  PACKAGE_MISSING: INTERNAL,
  DATABASE_NEWER: INTERNAL,
  DATABASE_MISMATCH: INTERNAL,
  DATABASE_IN_USE: INTERNAL,
  RUN_LOST: { http: 409, status: 'ABORTED' },
  TASK_ENDED: { http: 400, status: 'FAILED_PRECONDITION' },
  INTERNAL,
};

/** A member of google.rpc.Status.details. */
export interface ErrorDetail {
  readonly '@type': string;
  readonly [name: string]: unknown;
}

export interface ErrorBody {
  readonly error: {
    readonly code: number;
    readonly status: string;
    readonly message: string;
    readonly details: readonly ErrorDetail[];
  };
}

/** A refusal of somebody else's, with a status of HTTP of its own: of a guard of the application that Continuo is in. */
export class ForeignRefusal extends ContinuoError {
  constructor(
    readonly httpStatus: number,
    message: string,
    cause: unknown,
  ) {
    super(codeOf(httpStatus), message, { cause });
  }
}

/** The nearest of our codes. */
function codeOf(httpStatus: number): ErrorCode {
  if (httpStatus === 401) return 'UNAUTHENTICATED';
  if (httpStatus === 429) return 'RATE_LIMITED';
  if (httpStatus === 503) return 'UNAVAILABLE';
  return httpStatus >= 500 ? 'INTERNAL' : 'PERMISSION_DENIED';
}

export function httpStatusOf(error: ContinuoError): number {
  return error instanceof ForeignRefusal ? error.httpStatus : httpErrors[error.code].http;
}

/** `google.rpc.Status` as JSON, as A2A v1.0 section 11.6 has it. What is INTERNAL tells nothing but the request id. */
export function toErrorBody(error: ContinuoError, requestId?: string): ErrorBody {
  const { http, status } = httpErrors[error.code];
  const code = httpStatusOf(error);
  const details = toErrorDetails(error);
  const said = requestId === undefined ? 'the server log says what' : `the server log has it as request ${requestId}`;
  const message = http === INTERNAL.http ? `Something failed that should not; ${said}.` : worthTelling(error.message);
  return { error: { code, status, message, details } };
}

/** Of the words of an error. Over gRPC they are in a head, and clients take 8 KiB of that, words and details in all. */
const MOST_TOLD_BYTES = 1_024;

/** The words of an error that repeats what came from a client, however long that was. */
export function worthTelling(message: string): string {
  return cutToBytes(message, MOST_TOLD_BYTES);
}

/** Of the errors that are ours and not A2A's. */
export const CONTINUO_DOMAIN = 'continuo';

/** google.rpc.ErrorInfo, and BadRequest when a field is at fault, and RetryInfo when a retry makes sense. */
export function toErrorDetails(error: ContinuoError): readonly ErrorDetail[] {
  const { field, expected, retryAfterSeconds } = error;
  const internal = httpErrors[error.code].http === INTERNAL.http;
  const about = { ...(field === undefined ? {} : { field }), ...(expected === undefined ? {} : { expected }) };
  const metadata = { ...error.metadata, ...about };
  const details: ErrorDetail[] = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: internal ? 'INTERNAL' : error.code,
      domain: CONTINUO_DOMAIN,
      metadata: internal ? {} : metadata,
    },
  ];
  if (error.code === 'INVALID_ARGUMENT' && field !== undefined) {
    const description = expected === undefined ? worthTelling(error.message) : `expected ${expected}`;
    details.push({
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field, description }],
    });
  }
  if (retryAfterSeconds !== undefined) {
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` });
  }
  return details;
}
