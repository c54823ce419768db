/** What a supervisor and its workers tell each other. */
import type { Counts } from '../platform/metrics/metrics.js';

/** What every worker serves on and with: it is the same for all of them, and for those that replace them. */
export interface Base {
  readonly port: number;
  /** Undefined where gRPC is not served. */
  readonly grpcPort: number | undefined;
  readonly databaseUrl: string;
}

/**
 * `serve-out`: takes no new connections, answers what still comes on those that it has, then stops: others serve the port.
 * `leave`: takes no new connections, and stops. `stop`: as one process does that nobody supervises.
 */
export type HowToStop = 'serve-out' | 'leave' | 'stop';

export type ToWorker =
  | { readonly continuo: 'base'; readonly base: Base }
  | { readonly continuo: 'stop'; readonly how: HowToStop }
  /** Somebody wants to know what it has counted. */
  | { readonly continuo: 'count'; readonly question: string }
  /** What all workers have counted, as it has asked. */
  | { readonly continuo: 'counts'; readonly question: string; readonly all: readonly (readonly [string, Counts])[] };

export type FromWorker =
  /** It asks for its base. */
  | { readonly continuo: 'begins' }
  | { readonly continuo: 'ready'; readonly url: string }
  /** Its start has failed; it ends. */
  | { readonly continuo: 'failed'; readonly reason: string }
  /** Somebody sent it SIGTERM: it wants to be replaced. */
  | { readonly continuo: 'terminated' }
  /** It wants to know what all of them have counted. */
  | { readonly continuo: 'counts-wanted'; readonly question: string }
  | { readonly continuo: 'counted'; readonly question: string; readonly counts: Counts };

/** A process of somebody else's may talk over the same channel. */
export function isOurs<Message extends ToWorker | FromWorker>(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'continuo' in message;
}
