/** An answer that begins and then falls silent is given up as one that never comes, and content goes on where it was. */
import { expect, it } from 'vitest';
import { withDeadline } from '../src/body-deadline.js';
import { ContinuoClient } from '../src/index.js';
import { httpServer } from './support/http-server.js';

it('a call whose answer falls silent fails, and is made again where it may be', async () => {
  let calls = 0;
  const url = await httpServer((_request, response) => {
    calls += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"agents":');
    if (calls === 3) response.end('[]}');
  });
  const impatient = new ContinuoClient({ url, timeoutMs: 100, retries: 0 });
  await expect(impatient.agents.list()).rejects.toMatchObject({
    reason: 'UNREACHABLE',
    cause: { name: 'TimeoutError' },
  });
  expect(await impatient.agents.list({ retries: 1 })).toEqual([]);
});

it('content that falls silent is asked for from where it was', async () => {
  const ranges: (string | undefined)[] = [];
  const url = await httpServer(({ headers: { range } }, response) => {
    ranges.push(range);
    if (range === undefined) response.writeHead(200, { 'content-length': 10, etag: '"1"' }).write('01234');
    else response.writeHead(206, { 'content-range': 'bytes 5-9/10', etag: '"1"' }).end('56789');
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of new ContinuoClient({ url, timeoutMs: 100 }).files.read('1')) pieces.push(piece);
  expect([Buffer.concat(pieces).toString(), ranges]).toEqual(['0123456789', [undefined, 'bytes=5-']]);
});

it('an answer of a plain request keeps what is known of it', async () => {
  const url = await httpServer((_request, response) => void response.writeHead(201, { 'x-test': 'yes' }).end('all'));
  const answer = await new ContinuoClient({ url }).fetch(`${url}/place`);
  expect([answer.status, answer.url, answer.headers.get('x-test'), await answer.text()]).toEqual([
    201,
    `${url}/place`,
    'yes',
    'all',
  ]);
});

it('an answer that may have no body is left as it is, also where a browser gives it one', () => {
  // As in Chromium; Node has none.
  const given = Object.defineProperty(new Response(null, { status: 204 }), 'body', { value: new ReadableStream() });
  expect(withDeadline(given, 100, new AbortController())).toBe(given);
});
