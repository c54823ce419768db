/** Connections that are handed to a worker the moment it dies: another one takes them. Node would hold them open for ever. */
import cluster, { type Worker } from 'node:cluster';

/** As `node:cluster` says it: https://github.com/nodejs/node/blob/v20.x/lib/internal/cluster/round_robin_handle.js */
interface Handover {
  readonly cmd: 'NODE_CLUSTER';
  readonly act: 'newconn';
  readonly seq: number;
}

interface Closable {
  close(): void;
}

/** Watches what `worker` is handed. What it has not said it takes when its channel ends, it has not read from either. */
export function watchHandovers({ process: child }: Worker): void {
  const pending = new Map<number, Closable>();
  const send = child.send.bind(child) as (...given: readonly unknown[]) => boolean;
  child.send = (...given: readonly unknown[]): boolean => {
    const [message, handle] = given;
    if (isHandover(message) && isClosable(handle)) pending.set(message.seq, handle);
    return send(...given);
  };
  child.on('internalMessage', (message: { readonly ack?: number }) => {
    if (message.ack !== undefined) pending.delete(message.ack);
  });
  let isLeftOut = false;
  child.once('disconnect', () => (isLeftOut = true));
  // The process has ended, and all that it said has been read.
  child.once('close', () => {
    // Node does not say so while something is on its way, and would go on handing connections to it.
    if (!isLeftOut) child.emit('disconnect');
    const others = Object.values(cluster.workers ?? {}).some((other) => other?.isConnected() === true);
    for (const [ack, handle] of pending) {
      if (others) child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false });
      else handle.close();
    }
  });
}

function isHandover(message: unknown): message is Handover {
  return typeof message === 'object' && message !== null && 'act' in message && message.act === 'newconn';
}

function isClosable(handle: unknown): handle is Closable {
  return typeof handle === 'object' && handle !== null && 'close' in handle;
}
