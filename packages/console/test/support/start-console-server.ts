/** Starts the server of these tests, quick to notice that another one has died. */
import { fileURLToPath } from 'node:url';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';

const quick = { CONTINUO_LEASE_MS: '900', CONTINUO_HEARTBEAT_MS: '300', CONTINUO_SWEEP_MS: '200' };

/** With `env` of one that was killed: the same server again. */
export function startConsoleServer(env: Readonly<Record<string, string>> = quick): Promise<ServerProcess> {
  return startServer({ entry: fileURLToPath(new URL('console-server.mjs', import.meta.url)), env });
}
