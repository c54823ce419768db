/** What serves the connections of the gRPC port, with or without TLS: the services on it. Loaded only where gRPC is served. */
import { readFile } from 'node:fs/promises';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { AnswerRoom } from '../../platform/answer-room.js';
import type { GrpcSettings } from '../../platform/grpc-variables.js';
import { a2aService } from './a2a-service.js';
import { admission } from './admission.js';
import { A2A_SERVICE } from './descriptors.js';
import type { GrpcServer, GrpcServerParts } from './grpc-server-parts.js';
import { addHealth } from './health.js';
import { addReflection } from './reflection.js';

/** One stream for each call on a connection: more than any client has, and not without end. */
const MOST_CALLS_OF_CONNECTION = 10_000;
const LOOK_MS = 20;
/** What the ends of streams may take to reach their clients, before connections are cut. */
const LAST_WORDS_MS = 1_000;
/** Calls that go on when their connection is left end with the process at the latest. */
const NO_TIME_LIMIT_MS = 2 ** 31 - 1;

/** Throws CONFIG_INVALID for files of TLS that can't be read. */
export async function startGrpcServer(parts: GrpcServerParts): Promise<GrpcServer> {
  const { settings, limits, door, readiness, record, clock } = parts;
  const server = new Server({
    'grpc.max_receive_message_length': limits.bodyLimitBytes,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': MOST_CALLS_OF_CONNECTION,
    'grpc.keepalive_time_ms': limits.sseHeartbeatMs,
    'grpc.keepalive_timeout_ms': limits.stalledClientMs,
    interceptors: [admission({ door, record }, `/${A2A_SERVICE}/`, limits.requestTimeoutMs)],
  });
  const a2a = a2aService({
    ...parts,
    ...limits,
    room: new AnswerRoom({}, clock),
    isDraining: () => readiness.isDraining,
  });
  server.addService(a2a.definition, a2a.implementation);
  addHealth(server, { services: [A2A_SERVICE], readiness, clock });
  addReflection(server);

  const connections = server.createConnectionInjector(await credentialsOf(settings));
  return {
    take: (socket) => connections.injectConnection(socket),
    leave: () => connections.drain(NO_TIME_LIMIT_MS),
    answered: async (ms, signal) => {
      const end = clock.now().getTime() + ms;
      while (a2a.waiting() > 0 && clock.now().getTime() < end && signal?.aborted !== true) await clock.sleep(LOOK_MS);
    },
    stop: async () => {
      const ended = new AbortController();
      server.tryShutdown(() => ended.abort());
      await clock.sleep(LAST_WORDS_MS, ended.signal).catch(() => undefined);
      server.forceShutdown();
    },
  };
}

async function credentialsOf({ tls }: GrpcSettings): Promise<ServerCredentials> {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const cert_chain = await fileOf('CONTINUO_GRPC_TLS_CERT', tls.certFile);
  const private_key = await fileOf('CONTINUO_GRPC_TLS_KEY', tls.keyFile);
  try {
    return ServerCredentials.createSsl(null, [{ cert_chain, private_key }]);
  } catch (error) {
    throw unusable('CONTINUO_GRPC_TLS_CERT', error);
  }
}

async function fileOf(variable: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unusable(variable, error);
  }
}

function unusable(variable: string, cause: unknown): ContinuoError {
  return new ContinuoError('CONFIG_INVALID', `${variable} names a file that can't be used: ${messageOf(cause)}`, {
    cause,
  });
}
