/** What calls name is what they ask for, and what has come as a whole is not asked for again. */
import { expect, it } from 'vitest';
import { ContinuoClient } from '../src/index.js';
import { httpServer } from './support/http-server.js';

it('ids that lead somewhere else are asked of nobody', async () => {
  const asked: (string | undefined)[] = [];
  const url = await httpServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"tasks":[]}');
  });
  const client = new ContinuoClient({ url, retries: 0 });
  for (const id of ['', '.', '..']) {
    const refused = { reason: 'INVALID_ARGUMENT', field: 'id' };
    await expect(client.tasks.get(id)).rejects.toMatchObject(refused);
    await expect(client.sessions.delete(id)).rejects.toMatchObject(refused);
  }
  expect(asked).toEqual([]);
  await client.tasks.get('...');
  expect(asked).toEqual(['/tasks/...']);
});

it('the last byte is the last one, also when the connection breaks off behind it', async () => {
  const ranges: (string | undefined)[] = [];
  const url = await httpServer(({ headers: { range } }, response) => {
    ranges.push(range);
    if (range === 'bytes=2-5') {
      // One more is announced than comes.
      response.writeHead(206, { 'content-range': 'bytes 2-5/10', 'content-length': 5, etag: '"1"' });
      response.write('2345', () => response.destroy());
    } else response.writeHead(200, { 'content-length': 10 }).end('0123456789');
  });
  const pieces: Uint8Array[] = [];
  const content = new ContinuoClient({ url }).files.read('1', { first: 2, last: 5 });
  for await (const piece of content) pieces.push(piece);
  expect([Buffer.concat(pieces).toString(), ranges]).toEqual(['2345', ['bytes=2-5']]);
});

it('an upload whose beginning was answered to nobody is begun once', async () => {
  const keys: unknown[] = [];
  const file = { id: 'f', sessionId: 's', complete: true };
  const url = await httpServer((request, response) => {
    request.resume();
    if (request.method === 'POST') keys.push(request.headers['idempotency-key']);
    if (keys.length === 1) response.destroy();
    else response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(file));
  });
  await new ContinuoClient({ url }).files.upload('hello');
  expect(keys).toEqual([expect.stringMatching(/^[\w-]{36}$/), keys[0]]);
});
