/** Streams of tasks that sleep: what was said to them may be more than the memory of the server. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const MB = 1_000_000;
let server: ServerProcess;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  server = await startServer({
    entry,
    env: { DATABASE_URL: databaseUrl, CONTINUO_LOG_LEVEL: 'warn' },
    nodeOptions: ['--max-old-space-size=128'],
  });
});

const user = (text: string) => ({ id: crypto.randomUUID(), role: 'user', content: text });

it.each([
  [
    '/agents/test/sleeps/message:stream',
    (text: string) => ({ message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text }] } }),
  ],
  ['/v1/chat/completions', (text: string) => ({ model: 'test/sleeps', stream: true, messages: [user(text)] })],
  ['/ag-ui/test/sleeps', (text: string) => ({ threadId: crypto.randomUUID(), runId: 'r', messages: [user(text)] })],
])('%s', async (path, bodyOf) => {
  const leaving = new AbortController();
  afterThisTest(() => Promise.resolve(leaving.abort()));
  for (let n = 0; n < 24; n += 1) {
    const { status } = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
      body: JSON.stringify(bodyOf(String(n).padEnd(3 * MB, ' and so on'))),
      signal: leaving.signal,
    });
    expect(status).toBe(200);
  }
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});
