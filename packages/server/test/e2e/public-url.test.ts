/** CONTINUO_PUBLIC_URL with a slash at its end, or with a path that a proxy has put in front: everything that is linked to is there. */
import { expect, describe, it } from 'vitest';
import { connect, send, stateOf, transports } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startPrefixProxy } from '../support/prefix-proxy.js';
import { startServer } from '../support/server-process.js';

const CARD = '/agents/function/echo/.well-known/agent-card.json';

describe.each([
  ['takes its path off', '/agents-api', true],
  ['leaves its path on', '/agents-api', false],
  ['has a deep path', '/a/b', false],
  ['has a path that the server has, too', '/agents', true],
])('behind a proxy that %s', (_name, prefix, strips) => {
  it('cards, calls, the API and the console are below the public address', async () => {
    const proxy = await startPrefixProxy(prefix, { strips });
    const env = { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_PUBLIC_URL: `${proxy.url}/` };
    const server = await startServer({ env });
    proxy.lead(server.url);

    const { body: card } = await call('GET', proxy.url + CARD);
    const interfaces = at(card, 'supportedInterfaces');
    for (const found of Array.isArray(interfaces) ? interfaces : []) {
      expect(textAt(found, 'url')).toMatch(new RegExp(`^${proxy.url}/agents/function/echo(/|$)`));
    }
    for (const transport of transports) {
      const client = await connect(proxy.url, 'function/echo', transport);
      expect(stateOf(await send(client, 'hello'))).toBe('COMPLETED');
    }
    expect((await call('GET', `${proxy.url}/tasks`)).body).toMatchObject({ totalSize: 2 });
    expect((await call('GET', `${proxy.url}/openapi.json`)).body).toMatchObject({ servers: [{ url: proxy.url }] });
    expect((await call('GET', `${proxy.url}/agents`)).body).toMatchObject({ agents: expect.anything() });

    const home = await fetch(`${proxy.url}/`);
    expect(home.url).toBe(`${proxy.url}/console/`);
    for (const page of ['/console', '/console/', '/console/tasks', '/console/agents/function/echo']) {
      const document = await (await fetch(proxy.url + page)).text();
      const base = new URL(/<base href="([^"]*)"/.exec(document)?.[1] ?? 'none', proxy.url + page);
      expect(base.href).toBe(`${proxy.url}/console/`);
      const links = [...document.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map(
        ([, link = '']) => new URL(link, base).href,
      );
      expect(links.length).toBeGreaterThan(2);
      for (const link of links) expect((await fetch(link)).status).toBe(200);
    }
  });
});

it('the console is found behind a proxy that nobody has told the server of', async () => {
  const proxy = await startPrefixProxy('/somewhere', { strips: true });
  const server = await startServer({ env: { DATABASE_URL: (await createTestDatabase()).url } });
  proxy.lead(server.url);
  const home = await fetch(`${proxy.url}/`);
  expect(home.url).toBe(`${proxy.url}/console/`);
  expect(await home.text()).toContain('<base href="./"');
  expect((await fetch(`${server.url}/`)).url).toBe(`${server.url}/console/`);
});
