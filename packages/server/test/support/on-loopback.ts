/** A server of a test's own, on a free port of loopback; it ends, with its connections, after the file. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { afterThisTest } from './outcome.js';

/** Its URL, without a slash at the end. */
export async function onLoopback(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  afterThisTest(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
