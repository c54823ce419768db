/** Names that others choose: looked up in the hosts file, at name servers and by the system, and never for long. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Names } from '../../src/platform/egress/names.js';
import { afterThisTest } from '../support/outcome.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

/** A name server on loopback that answers with `code` (3: no such name), or not at all; and how often it was asked. */
async function nameServer(code?: number): Promise<{ readonly server: string; readonly asked: () => number }> {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (query, { port, address }) => {
    asked += 1;
    if (code === undefined) return;
    const answer = Buffer.from(query);
    answer.writeUInt16BE(0x8180 | code, 2);
    socket.send(answer, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  afterThisTest(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return { server: `127.0.0.1:${socket.address().port}`, asked: () => asked };
}

it('a name server that never answers holds up nobody else', async () => {
  const { server } = await nameServer();
  const names = new Names({ servers: [server] });
  const all = Array.from({ length: 100 }, (_, n) => names.addresses(`host-${n}.example.com`));
  const failed = Promise.allSettled(all);
  expect((await lookup('localhost')).address).toMatch(/^(127\.|::1)/);
  expect(await names.addresses('localhost')).not.toEqual([]);
  const said = (await failed).map((one) => (one.status === 'rejected' ? String(one.reason) : 'found'));
  expect(new Set(said.map((text) => text.replace(/host-\d+/, 'host')))).toEqual(
    new Set(['Error: No name server answered for host.example.com in time.']),
  );
});

it('the hosts file comes first, whatever name servers say', async () => {
  const { server, asked } = await nameServer(3);
  const hostsFile = join(await makeTemporaryDirectory('hosts'), 'hosts');
  await writeFile(
    hostsFile,
    '# ours\n10.1.2.3 Hooks.Internal hooks # in the office\n::1 hooks.internal\nnonsense here\n',
  );
  const names = new Names({ servers: [server], hostsFile });
  expect(await names.addresses('hooks.internal')).toEqual(['10.1.2.3', '::1']);
  expect(await names.addresses('hooks.internal.')).toEqual(['10.1.2.3', '::1']);
  expect(asked()).toBe(0);
});

it('what name servers do not know is asked of the system', async () => {
  const { server, asked } = await nameServer(3);
  const names = new Names({ servers: [server], hostsFile: '/nowhere' });
  expect(await names.addresses('any.localhost').catch(() => [])).not.toContain('10.1.2.3');
  expect(asked()).toBe(0);
  await expect(names.addresses('no-such-name.invalid')).rejects.toThrow(/no-such-name\.invalid/);
  expect(asked()).toBe(2);
});
