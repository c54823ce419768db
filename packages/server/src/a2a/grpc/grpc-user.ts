/** What an operation knows of a call over gRPC: who makes it, its metadata, and where its answer goes. */
import type { Metadata, ServerWritableStream } from '@grpc/grpc-js';
import { callerOf, type Principal } from '../../auth/principal.js';
import type { HeaderOf } from '../../auth/door.js';
import type { Caller, Scope } from '../../platform/caller.js';
import { CallUser } from '../call-context.js';

/** What clients take as one message, unless they are told otherwise, is 4 MiB. */
export const MOST_MESSAGE_BYTES = 3 * 1024 ** 2;

/** A call whose request is still as it came, and whose answers are bytes already. */
export type Call = ServerWritableStream<Buffer, Buffer>;

/** Metadata as headers are read: texts, several of a name with commas between them. */
export function headersIn(metadata: Metadata): HeaderOf {
  return (name) => {
    const values = metadata.get(name).filter((value) => typeof value === 'string');
    return values.length === 0 ? undefined : values.join(',');
  };
}

export interface GrpcUserParts {
  readonly principal: Principal;
  /** Of the call; they have been let in at the door. */
  readonly metadata: Metadata;
  readonly answer: Call;
  /** Goes out ahead of the answer. */
  readonly head: Metadata;
  readonly address: string;
}

export class GrpcUser extends CallUser {
  readonly wireVersion = '1.0';
  override readonly mostBytes = MOST_MESSAGE_BYTES;
  readonly header: HeaderOf;
  readonly answer: Call;
  readonly address: string;

  constructor(private readonly parts: GrpcUserParts) {
    super(parts.principal);
    this.header = headersIn(parts.metadata);
    this.answer = parts.answer;
    this.address = parts.address;
  }

  callerOf(scope: Scope, ...tenants: readonly (string | undefined)[]): Caller {
    return callerOf(this.parts.metadata, scope, ...tenants);
  }

  activate(extensions: readonly string[]): void {
    this.parts.head.set('a2a-extensions', extensions.join(','));
  }

  /** The error itself carries RetryInfo. */
  setRetryAfter(): void {}
}
