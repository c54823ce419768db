/** The TCP port of gRPC: listens at once, and keeps connections until there is what serves them. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { connectionLimit } from '../platform/connection-limit.js';
import { listenError, portOf } from '../platform/listening.js';
import type { Log } from '../platform/log.js';

export interface GrpcPort {
  readonly number: number;
  /** Hands over the connections that wait, and all that come. */
  serve(take: (socket: Socket) => void): void;
  /** Takes no more; those that wait go on waiting. */
  close(): void;
  /** Takes no more, and cuts those that wait. */
  cut(): void;
}

export interface GrpcPortOptions {
  readonly port: number;
  readonly host: string;
  readonly maxConnections: number;
  /** Called with each connection that has to wait. */
  readonly onWaiting: () => void;
  readonly log: Log;
}

/** Throws CONFIG_INVALID for a port that can't be listened on. */
export async function openGrpcPort({ port, host, maxConnections, onWaiting, log }: GrpcPortOptions): Promise<GrpcPort> {
  const admits = connectionLimit(maxConnections, log);
  const waiting = new Set<Socket>();
  let take: ((socket: Socket) => void) | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    if (!admits(socket)) return;
    if (take !== undefined) {
      take(socket);
      return;
    }
    waiting.add(socket);
    // Closed at once after an error; nobody else listens yet.
    socket.on('error', () => undefined);
    socket.once('close', () => waiting.delete(socket));
    onWaiting();
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, port, host, 'CONTINUO_GRPC_PORT');
  }
  return {
    number: portOf(server, port),
    serve: (taker) => {
      take = taker;
      for (const socket of waiting) taker(socket);
      waiting.clear();
    },
    close: () => void server.close(),
    cut: () => {
      server.close();
      for (const socket of waiting) socket.destroy();
    },
  };
}
