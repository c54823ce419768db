/** Several servers in DATABASE_URL: what one of them says for good does not speak for the others. */
import { connect, createServer, type Server } from 'node:net';
import { expect, it } from 'vitest';
import { DatabaseServers } from '../../src/platform/database-servers.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';

const REFUSAL = 'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0';

/** Refuses every sign-in, as PostgreSQL does with a wrong password. */
const refusing = (): Server =>
  createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const head = Buffer.alloc(5);
      head.write('E');
      head.writeUInt32BE(REFUSAL.length + 4, 1);
      socket.end(Buffer.concat([head, Buffer.from(REFUSAL)]));
    });
  });

/** Is gone for the first who asks, and leads to `url` then. */
function backLater(url: string): Server {
  let asked = 0;
  const { hostname, port } = new URL(url);
  return createServer((socket) => {
    socket.on('error', () => undefined);
    asked += 1;
    if (asked === 1) {
      socket.destroy();
      return;
    }
    const there = connect(Number(port), hostname);
    there.on('error', () => undefined);
    socket.pipe(there).pipe(socket);
  });
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterThisTest(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function urlWith(url: string, ports: readonly number[]): string {
  const { username, password, pathname } = new URL(url);
  return `postgres://${username}:${password}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}${pathname}`;
}

it('one that refuses the sign-in is passed over for one that comes back', async () => {
  const { url } = await createTestDatabase();
  const [refuses, later] = [await portOf(refusing()), await portOf(backLater(url))];
  const servers = new DatabaseServers(urlWith(url, [refuses, later]));
  expect((await servers.choose()).where).toContain(String(later));
});

it('where all refuse it, that is said at once', async () => {
  const ports = [await portOf(refusing()), await portOf(refusing())];
  const servers = new DatabaseServers(urlWith('postgres://me:wrong@127.0.0.1:1/continuo', ports));
  await expect(servers.choose()).rejects.toThrow('password authentication failed');
});
