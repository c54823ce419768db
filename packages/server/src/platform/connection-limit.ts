/** How many connections a port of this process may have at the same time. */
import type { Socket } from 'node:net';
import type { Log } from './log.js';

const WARN_AGAIN_MS = 60_000;

/**
 * Says of each new connection whether it may stay; one too many is cut. Not `server.maxConnections`: among several processes
 * Node would offer such a connection to all of them, again and again.
 */
export function connectionLimit(most: number, log: Pick<Log, 'warn'>): (socket: Socket) => boolean {
  let open = 0;
  let quietUntil = 0;
  return (socket) => {
    if (open < most) {
      open += 1;
      socket.once('close', () => (open -= 1));
      return true;
    }
    socket.destroy();
    const now = performance.now();
    if (now >= quietUntil) {
      quietUntil = now + WARN_AGAIN_MS;
      log.warn({ maxConnections: most }, 'connections are refused: there are CONTINUO_MAX_CONNECTIONS already');
    }
    return false;
  };
}
