/** One table from our errors to A2A's: the SDK turns these into each transport's own form. */
import {
  A2AError,
  ContentTypeNotSupportedError,
  ExtensionSupportRequiredError,
  PushNotificationNotSupportedError,
  RequestMalformedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  toJsonRpcError,
  UnsupportedOperationError,
  VersionNotSupportedError,
} from '@a2a-js/sdk/errors';
import { ContinuoError, type ErrorCode } from '@continuo/agent/internal/platform/errors.js';
import { httpErrors, worthTelling, type ErrorDetail } from '../platform/http-errors.js';
import { toContinuoError } from '../platform/to-continuo-error.js';
import { a2aDetails, domainOf } from './error-details.js';

type ErrorClass = new (options: { message: string; metadata?: Record<string, string>; cause?: unknown }) => A2AError;

const classes: Partial<Readonly<Record<ErrorCode, ErrorClass>>> = {
  INVALID_ARGUMENT: RequestMalformedError,
  TASK_NOT_FOUND: TaskNotFoundError,
  TENANT_NOT_FOUND: TaskNotFoundError,
  TASK_NOT_CANCELABLE: TaskNotCancelableError,
  TASK_ENDED: UnsupportedOperationError,
  UNSUPPORTED_OPERATION: UnsupportedOperationError,
  PUSH_NOTIFICATION_NOT_SUPPORTED: PushNotificationNotSupportedError,
  EXTENSION_SUPPORT_REQUIRED: ExtensionSupportRequiredError,
  CONTENT_TYPE_NOT_SUPPORTED: ContentTypeNotSupportedError,
  VERSION_NOT_SUPPORTED: VersionNotSupportedError,
};

/** For what A2A has no error of its own: over REST its HTTP status, over JSON-RPC -32603, both with our code as reason. */
class OtherError extends A2AError {
  readonly transport = 'rest';
  override readonly reason: string;
  readonly statusCode: number;

  constructor(error: ContinuoError) {
    const { retryAfterSeconds, metadata } = error;
    const retry = retryAfterSeconds !== undefined && { retryDelay: `${retryAfterSeconds}s` };
    super({
      message: worthTelling(error.message),
      metadata: { ...metadata, ...fieldOf(error), ...retry },
      cause: error,
    });
    this.name = 'A2AError';
    this.reason = error.code;
    this.statusCode = httpErrors[error.code].http;
  }

  override toErrorInfo(): ReturnType<A2AError['toErrorInfo']> {
    const domain = domainOf(this.reason) as ReturnType<A2AError['toErrorInfo']>['domain'];
    return { ...super.toErrorInfo(), domain };
  }
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** With the details that the SDK doesn't know. */
export function detailed<Known extends RpcError>(error: Known): Known {
  const { data } = error;
  return Array.isArray(data) ? { ...error, data: a2aDetails(data as readonly ErrorDetail[]) } : error;
}

/** What A2A 1.1 adds to the errors that the SDK knows. */
const GENERATION_MISMATCH = { reason: 'TASK_GENERATION_MISMATCH', code: -32_010 };

/** As JSON-RPC has it. */
export function toRpcError(error: unknown): RpcError {
  const rpc = detailed(toJsonRpcError(error));
  const { reason, code } = GENERATION_MISMATCH;
  return error instanceof A2AError && error.reason === reason ? { ...rpc, code } : rpc;
}

/** Its `cause` is the error as it was, where that is one of ours. */
export function toA2AError(error: unknown): A2AError {
  if (error instanceof A2AError) return error;
  return fromContinuo(toContinuoError(error));
}

function fromContinuo(error: ContinuoError): A2AError {
  if (httpErrors[error.code].http === 500)
    return new OtherError(new ContinuoError('INTERNAL', 'Something failed that should not; the server log says what.'));
  const known = classes[error.code];
  if (known === undefined) return new OtherError(error);
  return new known({ message: worthTelling(error.message), metadata: fieldOf(error), cause: error });
}

function fieldOf({ field, expected }: ContinuoError): Record<string, string> {
  return { ...(field && { field }), ...(expected && { expected }) };
}
