/** Leaving a port that other processes go on to serve, without a request lost. */
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import type { Outgoing } from './outgoing.js';

const LOOK_MS = 50;
/** What Node takes at the most to close a connection whose time is over. */
const CLOSED_MS = 1_500;

/** From now on there are no new connections; those that are there stay, each for one more answer. */
export function leavePort(server: Server, outgoing: Outgoing): void {
  // That of http would cut connections that seem idle while a request may be on its way.
  NetServer.prototype.close.call(server);
  outgoing.leave();
}

/**
 * Resolves when no client has a connection but those that follow event streams; after `ms` milliseconds, but not before
 * idle ones had the time that they were promised; or when `signal` is aborted.
 */
export async function servedOut(
  server: Server,
  outgoing: Outgoing,
  { ms, clock, signal }: { readonly ms: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const end = clock.now().getTime() + Math.max(ms, server.keepAliveTimeout + CLOSED_MS);
  while (!signal.aborted && clock.now().getTime() < end) {
    const connections = await new Promise<number>((resolve) =>
      server.getConnections((_error, count) => resolve(count)),
    );
    if (connections <= outgoing.streams) return;
    await clock.sleep(LOOK_MS, signal).catch(() => undefined);
  }
}
