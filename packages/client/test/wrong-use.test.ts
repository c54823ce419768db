/** What the client is told that is no address, or nothing that can be said, is refused by its name and not by a server. */
import { expect, it } from 'vitest';
import { ContinuoClient } from '../src/client.js';
import { toMessage } from '../src/said.js';
import type { ContinuoClientOptions } from '../src/transport.js';

const expected = 'expected an address as https://agents.example';

it.each([
  [undefined, 'undefined'],
  [{}, 'undefined'],
  ['http://127.0.0.1:4000', 'undefined'],
  [{ url: new URL('http://127.0.0.1:4000') }, 'object'],
  [{ url: 'localhost:4000' }, '"localhost:4000"'],
  [{ url: '127.0.0.1:4000' }, '"127.0.0.1:4000"'],
  [{ url: 'ftp://agents.example' }, '"ftp://agents.example"'],
])('%j is no server', (options, found) => {
  const make = (): ContinuoClient => new ContinuoClient(options as unknown as ContinuoClientOptions);
  expect(make).toThrow(new TypeError(`ContinuoClient: url: found ${found}, ${expected}`));
});

it.each(['http://127.0.0.1:4000', 'HTTPS://agents.example/api/', '/', '/api', ''])('%j is one', (url) => {
  expect(new ContinuoClient({ url, apiKey: undefined, retries: undefined })).toBeInstanceOf(ContinuoClient);
});

it.each([undefined, null, 7, {}])('%j says nothing', (said) => {
  expect(() => toMessage(said as never)).toThrow(
    new TypeError('Expected what is said: a text, { data } or { parts }.'),
  );
});
