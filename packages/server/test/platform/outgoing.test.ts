/** Clients on real sockets that take nothing of what waits for them, beside others that wait. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Outgoing } from '../../src/platform/outgoing.js';
import { until } from '../support/until.js';

const LARGE = 'x'.repeat(20_000_000);
let server: Server | undefined;
let client: Socket | undefined;

afterEach(() => {
  client?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** Serves with `answer`; resolves with the client's socket, which reads nothing, and with the response. */
async function open(
  outgoing: Outgoing,
  answer: (response: ServerResponse) => void,
): Promise<readonly [Socket, ServerResponse]> {
  const served = new Promise<ServerResponse>((resolve) => {
    server = createServer((request: IncomingMessage, response) => {
      outgoing.watch(request, response, () => answer(response));
      resolve(response);
    }).listen(0, '127.0.0.1');
  });
  if (server === undefined) throw new Error('no server');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
  return [client, await served];
}

it('knows what has not been taken, and cuts off who takes nothing of it', async () => {
  const outgoing = new Outgoing(200);
  const [socket, response] = await open(outgoing, (answer) => {
    answer.setHeader('content-length', LARGE.length);
    answer.end(LARGE);
  });
  await until(() => outgoing.unsent > 1_000_000, { what: 'the answer to wait for its client' });
  await until(() => response.destroyed, { what: 'the client to be cut off' });
  await until(() => outgoing.unsent === 0, { what: 'the answer to be forgotten' });
  let bytes = 0;
  for await (const chunk of socket) bytes += (chunk as Buffer).length;
  expect(bytes).toBeLessThan(LARGE.length);
});

it('lets those wait for whom nothing waits, and those take their time who take something', async () => {
  const outgoing = new Outgoing(100);
  let begin: () => void = () => undefined;
  let quiet = 0;
  const [socket, response] = await open(outgoing, (answer) => {
    answer.on('timeout', () => (quiet += 1));
    begin = () => answer.end(LARGE);
  });
  await until(() => quiet >= 2, { what: 'two times of silence' });
  expect(response.destroyed).toBe(false);
  begin();
  let bytes = 0;
  for await (const chunk of socket) {
    bytes += (chunk as Buffer).length;
    if (bytes >= LARGE.length) break;
  }
  expect(bytes).toBeGreaterThanOrEqual(LARGE.length);
});
