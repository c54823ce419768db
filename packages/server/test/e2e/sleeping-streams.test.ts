/** Streams of tasks that sleep are kept open, and what was said to them may be more than the memory of the server. */
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
    env: { DATABASE_URL: databaseUrl, CONTINUO_LOG_LEVEL: 'warn', CONTINUO_SSE_HEARTBEAT_MS: '1000' },
    nodeOptions: ['--max-old-space-size=96'],
  });
});

const user = (text: string) => ({ id: crypto.randomUUID(), role: 'user', content: text });

it.each([
  [
    '/agents/test/sleeps/message:stream',
    (text: string) => ({ message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text }] } }),
  ],
  [
    '/agents/test/sleeps',
    (text: string) => ({
      jsonrpc: '2.0',
      id: 1,
      method: 'message/stream',
      params: {
        message: { kind: 'message', messageId: crypto.randomUUID(), role: 'user', parts: [{ kind: 'text', text }] },
      },
    }),
    '0.3',
  ],
  [
    '/agents/test/sleeps/v1/message:stream',
    (text: string) => ({ message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', content: [{ text }] } }),
    '0.3',
  ],
  ['/v1/chat/completions', (text: string) => ({ model: 'test/sleeps', stream: true, messages: [user(text)] })],
  ['/ag-ui/test/sleeps', (text: string) => ({ threadId: crypto.randomUUID(), runId: 'r', messages: [user(text)] })],
])('%s', async (path, bodyOf, version = '1.0') => {
  // The responses and not their bodies: fetch cancels the stream of one that nobody holds any more.
  const responses: Response[] = [];
  const leaving = new AbortController();
  afterThisTest(() => Promise.resolve(leaving.abort()));
  for (let n = 0; n < 48; n += 1) {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'a2a-version': version },
      body: JSON.stringify(bodyOf(String(n).padEnd(3 * MB, ' and so on'))),
      signal: leaving.signal,
    });
    expect(response.status).toBe(200);
    responses.push(response);
  }
  let text = '';
  for await (const piece of (responses[0]?.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text = (text + piece).slice(-100);
    if (text.includes(': heartbeat')) break;
  }
  expect(text).toContain(': heartbeat');
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});
