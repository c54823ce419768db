/** A receiver of push notifications on loopback, each path one of its own. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

export async function startHooks() {
  const paths = new Map();
  const receive = async (request, response) => {
    const path = paths.get(request.url);
    const { headers } = request;
    path?.received.push({ headers, body: JSON.parse((await text(request)) || 'null') });
    response.writeHead(path?.status ?? 404).end();
  };
  const server = createServer((request, response) => void receive(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    /** Another one; it answers with `status`, which may be changed. */
    open(status = 204) {
      const path = `/${paths.size + 1}`;
      const hook = { url: origin + path, received: [], status };
      paths.set(path, hook);
      return hook;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
