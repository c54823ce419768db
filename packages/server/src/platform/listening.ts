/** The port to listen on: whether it can be had is asked before anything is started, and told in words that help. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

/**
 * Answers with `port`, or with a free one where that is 0. Throws CONFIG_INVALID, naming the variable, when it can't be
 * listened on at `host`. `variable`: which one says the port.
 */
export async function ensureFree(port: number, host: string, variable?: string): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return portOf(server, port);
  } catch (error) {
    throw listenError(error, port, host, variable);
  } finally {
    server.close();
  }
}

/** Where `server` listens; `otherwise` where that is no port, or not yet. */
export function portOf(server: Server, otherwise: number): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : otherwise;
}

/** `error` with what to do about it, where it says that the address can't be listened on; any other as it is. */
export function listenError(error: unknown, port: number, host: string, variable = 'PORT'): unknown {
  const remedy = isOfListening(error) ? remedies[error.code ?? ''] : undefined;
  if (remedy === undefined) return error;
  return new ContinuoError('CONFIG_INVALID', remedy(port, host, variable), { cause: error });
}

/** Files and databases are refused with the same codes. */
function isOfListening(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && LISTENING.includes(error.syscall);
}

/** What Node asks of the system to listen: the address of a name, and the port. */
const LISTENING: readonly unknown[] = ['getaddrinfo', 'bind', 'listen'];

const remedies: Readonly<Record<string, (port: number, host: string, variable: string) => string>> = {
  EADDRINUSE: (port, host, variable) =>
    `Port ${port} on ${host} is in use by another program. Stop that program, or set ${variable} to another port.`,
  EACCES: (port, host, variable) =>
    `Port ${port} on ${host} needs rights that this user does not have. Set ${variable} to a port from 1024 on.`,
  EADDRNOTAVAIL: (_port, host) => `This machine has no address ${host}. Set HOST to one of its addresses.`,
  ENOTFOUND: (_port, host) => `HOST names ${host}, which is not known here. Set HOST to an address of this machine.`,
};

/** How clients reach `host` and `port`. */
export function urlOfListener(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
