/** What OPTIONS says of every route of the HTTP API, A2A's and the other protocols': the methods that its path takes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { corsFor } from '../../src/platform/http-security.js';
import type { Client } from '../support/strangers.js';
import { walkedServer, type WalkedServer } from '../support/walked-server.js';

let server: WalkedServer;
let client: Client;

beforeAll(async () => {
  server = await walkedServer();
  client = await server.client('ada', 'home', ['read', 'write', 'admin']);
});

afterAll(() => server.close());

async function allowed(path: string): Promise<string> {
  const answer = await fetch(client.url + path, { method: 'OPTIONS', headers: client.headers });
  await answer.text();
  return answer.ok ? (answer.headers.get('allow') ?? '') : String(answer.status);
}

function listed(methods: Iterable<string>): string {
  return [...new Set([...methods].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))]
    .toSorted()
    .join(', ');
}

/** Every path, its parameters filled in, with the methods of its routes. */
function methodsByPath(): ReadonlyMap<string, readonly string[]> {
  const { own, ofA2A } = server.routes;
  const found = new Map<string, string[]>();
  for (const route of [...own, ...ofA2A]) {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern
      .replace('/agents/:type/:name', '/agents/test/waiting')
      .replaceAll(/(?<!\\):\w+/g, 'x')
      .replaceAll('\\', '');
    // Of every method, and refuses all but those that are routes of their own.
    if (method !== 'ALL') found.set(path, [...(found.get(path) ?? []), method]);
  }
  return found;
}

it('are all methods of the path, whichever router serves them, and no others', async () => {
  const expected = [...methodsByPath()].map(([path, methods]) => [path, listed(methods)]);
  expect(expected).toContainEqual(['/agents/test/waiting/tasks', 'GET, HEAD, POST']);
  const answered = [];
  for (const [path = ''] of expected) answered.push([path, await allowed(path)]);
  expect(answered).toEqual(expected);
});

it.each([
  ['/v1/models', 'GET, HEAD'],
  ['/v1/models/function/echo', 'GET, HEAD'],
  ['/v1/chat/completions', 'POST'],
  ['/v1/responses', 'POST'],
  ['/v1/responses/x', 'GET, HEAD'],
  ['/v1/responses/x/cancel', 'POST'],
  ['/ag-ui/test/waiting', 'POST'],
  ['/ag-ui/test/waiting/threads/x/runs/y', 'DELETE, GET, HEAD'],
  ['/ai-sdk/test/waiting', 'POST'],
  ['/ai-sdk/test/waiting/x/stream', 'DELETE, GET, HEAD'],
  ['/mcp', 'GET, HEAD, POST'],
  ['/.well-known/oauth-protected-resource', 'GET, HEAD'],
])('of another protocol: %s takes %s', async (path, methods) => {
  expect(await allowed(path)).toBe(methods);
});

it('are open to the pages of other sites that may call', () => {
  const { methods = [] } = corsFor(['https://pages.example.com']);
  expect(methods).toEqual(expect.arrayContaining([...methodsByPath().values()].flat()));
});
