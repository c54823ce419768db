/** A remote agent over gRPC that answers exactly what a test tells it, byte by byte. */
import { promisify } from 'node:util';
import { A2AService } from '@a2a-js/sdk/server/grpc';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { afterThisTest } from './outcome.js';

type Method = 'sendMessage' | 'getTask';

/** Bytes, or an error with the details that go along. */
export type GrpcReply = Uint8Array | { readonly code: number; readonly details?: Uint8Array };

export class OddGrpc {
  readonly #replies = new Map<Method, GrpcReply[]>();
  readonly #counts = new Map<Method, number>();

  private constructor(private readonly port: number) {}

  static async start(): Promise<OddGrpc> {
    const server = new Server();
    const raw = (method: Method) => ({ ...A2AService[method], responseSerialize: (bytes: Buffer) => bytes });
    const handler =
      (method: Method): UntypedHandleCall =>
      (_: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>) =>
        odd.#answer(method, done);
    server.addService(
      { sendMessage: raw('sendMessage'), getTask: raw('getTask') },
      { sendMessage: handler('sendMessage'), getTask: handler('getTask') },
    );
    const bind = promisify(server.bindAsync.bind(server));
    const odd: OddGrpc = new OddGrpc(await bind('127.0.0.1:0', ServerCredentials.createInsecure()));
    afterThisTest(() => Promise.resolve(server.forceShutdown()));
    return odd;
  }

  /** For its card. */
  get interface(): Readonly<Record<string, string>> {
    return { url: `127.0.0.1:${this.port}`, protocolBinding: 'GRPC', protocolVersion: '1.0' };
  }

  /** The last reply counts for all that follow; without any there is no such operation. */
  on(method: Method, ...replies: readonly GrpcReply[]): this {
    this.#replies.set(method, [...replies]);
    return this;
  }

  reset(): this {
    this.#replies.clear();
    this.#counts.clear();
    return this;
  }

  count(method: Method): number {
    return this.#counts.get(method) ?? 0;
  }

  #answer(method: Method, done: sendUnaryData<unknown>): void {
    this.#counts.set(method, this.count(method) + 1);
    const left = this.#replies.get(method) ?? [];
    const reply = (left.length > 1 ? left.shift() : left[0]) ?? { code: status.UNIMPLEMENTED };
    if (reply instanceof Uint8Array) return done(null, reply);
    const metadata = new Metadata();
    if (reply.details !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(reply.details));
    done({ code: reply.code, details: 'as it was told', metadata });
  }
}
