/** The gRPC port of a remote agent on the official SDK. */
import { promisify } from 'node:util';
import type { A2ARequestHandler } from '@a2a-js/sdk/server';
import { A2AService, grpcService, UserBuilder } from '@a2a-js/sdk/server/grpc';
import { Server, ServerCredentials } from '@grpc/grpc-js';

export class RemoteGrpc {
  #server: Server | undefined;
  #port = 0;

  /** `onCall` gets the headers `x-test` and `traceparent` of each call. */
  constructor(private readonly onCall: (header: string, traceparent: string) => void) {}

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** On the port that it had before, if it had one. */
  async listen(requestHandler: A2ARequestHandler): Promise<void> {
    const server = new Server();
    this.#server = server;
    server.addService(
      A2AService,
      grpcService({
        requestHandler,
        userBuilder: ({ metadata }) => {
          this.onCall(String(metadata.get('x-test')[0] ?? ''), String(metadata.get('traceparent')[0] ?? ''));
          return UserBuilder.noAuthentication();
        },
      }),
    );
    this.#port = await promisify(server.bindAsync.bind(server))(this.address, ServerCredentials.createInsecure());
  }

  close(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }
}
