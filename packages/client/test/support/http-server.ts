/** A server of a few lines, on a free port of this machine, until the test has ended. */
import { createServer, type RequestListener } from 'node:http';
import { afterThisTest } from '../../../server/test/support/outcome.js';

/** Its address. */
export async function httpServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterThisTest(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}
