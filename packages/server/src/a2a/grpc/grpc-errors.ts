/** The errors of operations as gRPC has them: a status, and its details as `google.rpc.Status` (A2A section 10.6). */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { Metadata, status as codes } from '@grpc/grpc-js';
import type { A2AError } from '@a2a-js/sdk/errors';
import { grpcStatusFor } from '@a2a-js/sdk/errors/grpc';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { httpErrors, worthTelling } from '../../platform/http-errors.js';
import { toA2AError } from '../a2a-errors.js';

const DETAILS = 'grpc-status-details-bin';
const TYPES = 'type.googleapis.com/google.rpc';

/** What grpc-js sends as the end of a call. */
export interface GrpcStatus {
  readonly code: codes;
  readonly details: string;
  readonly metadata: Metadata;
}

/** With the ErrorInfo of the other bindings, and what else there is to say: which field is wrong, when to come back. */
export function toGrpcStatus(thrown: unknown): GrpcStatus {
  const error = toA2AError(thrown);
  const code = codeOf(error);
  const details = [errorInfo(error), ...moreOf(error.cause)];
  const metadata = new Metadata();
  metadata.set(DETAILS, Buffer.from(statusBytes(code, error.message, details)));
  return { code, details: error.message, metadata };
}

function codeOf(error: A2AError): codes {
  const { cause } = error;
  const name = cause instanceof ContinuoError ? httpErrors[cause.code].status : codes[grpcStatusFor(error)];
  return codes[name as keyof typeof codes] ?? codes.UNKNOWN;
}

interface Detail {
  readonly type: string;
  readonly bytes: Uint8Array;
}

function errorInfo(error: A2AError): Detail {
  const { reason, domain, metadata = {} } = error.toErrorInfo();
  const writer = new BinaryWriter().uint32(10).string(reason).uint32(18).string(domain);
  for (const [key, value] of Object.entries(metadata)) {
    writer.uint32(26).fork().uint32(10).string(key).uint32(18).string(value).join();
  }
  return { type: 'ErrorInfo', bytes: writer.finish() };
}

/** BadRequest and RetryInfo, where the error has more to say than its ErrorInfo does. */
function moreOf(cause: unknown): readonly Detail[] {
  if (!(cause instanceof ContinuoError)) return [];
  const { code, field, expected, message, retryAfterSeconds } = cause;
  const details: Detail[] = [];
  if (code === 'INVALID_ARGUMENT' && field !== undefined) {
    const description = expected === undefined ? worthTelling(message) : `expected ${expected}`;
    const violation = new BinaryWriter()
      .uint32(10)
      .fork()
      .uint32(10)
      .string(field)
      .uint32(18)
      .string(description)
      .join();
    details.push({ type: 'BadRequest', bytes: violation.finish() });
  }
  if (retryAfterSeconds !== undefined) {
    const delay = new BinaryWriter().uint32(10).fork().uint32(8).int64(Math.ceil(retryAfterSeconds)).join();
    details.push({ type: 'RetryInfo', bytes: delay.finish() });
  }
  return details;
}

function statusBytes(code: number, message: string, details: readonly Detail[]): Uint8Array {
  const writer = new BinaryWriter().uint32(8).int32(code).uint32(18).string(message);
  for (const { type, bytes } of details) {
    writer.uint32(26).fork().uint32(10).string(`${TYPES}.${type}`).uint32(18).bytes(bytes).join();
  }
  return writer.finish();
}
