/** A file of this server that an agent publishes by its path, through each door: its clients are elsewhere, and are told the whole address. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, textAt } from '../support/http-calls.js';
import { connect } from '../support/mcp-client.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const path = '/files/01a228e3-765d-7002-9ffb-db62cc1c8916';
let url: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl } }));
});

const post = (door: string, body: unknown): Promise<Response> =>
  fetch(url + door, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

it.each([
  [path, () => url + path],
  [`/continuo${path}`, () => url + path],
  ['https://example.org/a', () => 'https://example.org/a'],
])('%s', async (published, whole) => {
  const address = whole();
  const { body } = await call('POST', `${url}/v1/chat/completions`, {
    body: { model: 'test/links', messages: [{ role: 'user', content: published }] },
  });
  const written = String.raw`[My \[file\].txt](<${address}>)`;
  expect(at(body, 'choices', 0, 'message', 'content')).toBe(`There.\n\n${written}`);

  const run = { threadId: `ag-ui ${published}`, runId: 'r', messages: [{ id: 'm', role: 'user', content: published }] };
  expect(await (await post('/ag-ui/test/links', run)).text()).toContain(`"url":"${address}"`);

  const messages = [{ id: 'm', role: 'user', parts: [{ type: 'text', text: published }] }];
  const chunks = await (await post('/ai-sdk/test/links', { id: `ai-sdk ${published}`, messages })).text();
  expect(chunks).toContain(`"url":"${address}"`);

  const mcp = await connect(url);
  const result = await mcp.call('test_links', { message: published });
  expect(JSON.stringify(result)).toContain(address);
});

it('an address is no more than one in a link', async () => {
  const { body } = await call('POST', `${url}/v1/chat/completions`, {
    body: { model: 'test/links', messages: [{ role: 'user', content: 'https://example.org/a>) [b](<c' }] },
  });
  expect(at(body, 'choices', 0, 'message', 'content')).toContain('(<https://example.org/a%3E)%20[b](%3Cc>)');
});

it.each([
  'javascript:alert(1)',
  'JavaScript:alert(1)//https://example.org',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:MsgBox(1)',
  'file:///etc/passwd',
])('%j is linked by no door: clients get the address of the artifact, which tells it', async (published) => {
  const artifact = new RegExp(`^${url}/tasks/[^/]+/artifacts/[^/]+$`);
  const { body } = await call('POST', `${url}/v1/chat/completions`, {
    body: { model: 'test/links', messages: [{ role: 'user', content: published }] },
  });
  const [, linked = ''] = /\]\(<(.*)>\)$/s.exec(textAt(body, 'choices', 0, 'message', 'content')) ?? [];
  expect(linked).toMatch(artifact);
  const told = await fetch(linked);
  expect([told.headers.get('content-type'), await told.text()]).toEqual(['text/uri-list; charset=utf-8', published]);

  const urlsIn = (events: string): readonly string[] =>
    [...events.matchAll(/"url":"([^"]*)"/g)].map(([, each]) => each ?? '');
  const run = { threadId: `ag-ui ${published}`, runId: 'r', messages: [{ id: 'm', role: 'user', content: published }] };
  const seen = urlsIn(await (await post('/ag-ui/test/links', run)).text());
  expect(seen).toEqual([expect.stringMatching(artifact)]);

  const messages = [{ id: 'm', role: 'user', parts: [{ type: 'text', text: published }] }];
  const chunks = urlsIn(await (await post('/ai-sdk/test/links', { id: `ai-sdk ${published}`, messages })).text());
  expect(chunks).toEqual([expect.stringMatching(artifact)]);

  const mcp = await connect(url);
  const { content } = (await mcp.call('test_links', { message: published })) as { readonly content: readonly object[] };
  expect(content.filter((block) => 'uri' in block && !String(block.uri).startsWith('continuo:'))).toEqual([]);
});
