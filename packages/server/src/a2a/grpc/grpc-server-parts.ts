/** What the gRPC port is made of and what it offers, in types that hold where gRPC is not installed. */
import type { Socket } from 'node:net';
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import type { Door } from '../../auth/door.js';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import type { Config } from '../../platform/config.js';
import type { GrpcSettings } from '../../platform/grpc-variables.js';
import type { Log } from '../../platform/log.js';
import type { Recorders } from '../../platform/metrics/metrics.js';
import type { Readiness } from '../../platform/readiness.js';
import type { AgentHandlers } from '../agent-handlers.js';

type GrpcLimits = Pick<
  Config,
  | 'host'
  | 'bodyLimitBytes'
  | 'bodyLimitValues'
  | 'maxConnections'
  | 'requestTimeoutMs'
  | 'sseHeartbeatMs'
  | 'stalledClientMs'
>;

export interface GrpcServerParts {
  readonly registry: AgentRegistry;
  readonly handlers: AgentHandlers;
  readonly door: Door;
  /** Where this server is reached over HTTP by a client that calls this host by gRPC. */
  readonly httpAddress: (host: string) => string;
  readonly log: Log;
  readonly settings: GrpcSettings;
  readonly limits: GrpcLimits;
  readonly readiness: Readiness;
  readonly record: Recorders;
  readonly clock: Clock;
}

export interface GrpcServer {
  /** Serves a connection. */
  take(socket: Socket): void;
  /** Tells clients to make other connections, which other processes take; calls under way go on. */
  leave(): void;
  /** Resolves when no call waits for its answer, event streams left out; after `ms` milliseconds, or at `signal`. */
  answered(ms: number, signal?: AbortSignal): Promise<void>;
  /** Cuts what is left. */
  stop(): Promise<void>;
}
