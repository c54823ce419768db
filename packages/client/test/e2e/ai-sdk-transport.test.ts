/** AI SDK's chats by Continuo's transport: connections that break off, stopping, and pages that are loaded anew. */
import { readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai';
import { beforeAll, expect, it } from 'vitest';
import { lossyFetch } from '../../../server/test/support/cut-off.js';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { newKey } from '../../../server/test/support/keys-command.js';
import { startServer } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { ContinuoChatTransport } from '../../src/ai-sdk.js';

const entry = new URL('../../../server/test/support/agents-server.mjs', import.meta.url).pathname;
let url: string;
let apiKey: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl, CONTINUO_AUTH: 'keys' } }));
  apiKey = await newKey(databaseUrl, '--owner', 'ada');
});

const user = (text: string): UIMessage => ({
  id: crypto.randomUUID(),
  role: 'user',
  parts: [{ type: 'text', text }],
});

function say(transport: ContinuoChatTransport, text: string, more: object = {}) {
  const chat = { chatId: crypto.randomUUID(), messageId: undefined, abortSignal: undefined };
  return transport.sendMessages({ ...chat, trigger: 'submit-message', messages: [user(text)], ...more });
}

async function textOf(stream: ReadableStream<UIMessageChunk>): Promise<string> {
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream })) last = message;
  return (last?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}

it('says everything once, however often the connection breaks off', async () => {
  const transport = new ContinuoChatTransport({ url, apiKey, agent: 'test/tells', fetch: lossyFetch });
  expect(await textOf(await say(transport, 'Go'))).toBe('0 1 2 ');
});

it('ends the task when the chat is stopped, and has nothing to resume then', async () => {
  const transport = new ContinuoChatTransport({ url, apiKey, agent: 'test/endless-child' });
  const chatId = crypto.randomUUID();
  const stop = new AbortController();
  const stream = await say(transport, 'Go', { chatId, abortSignal: stop.signal });
  const resumed = await transport.reconnectToStream({ chatId });
  stop.abort();
  await textOf(stream);
  const reader = resumed?.getReader();
  expect((await reader?.read())?.value).toMatchObject({ type: 'start' });
  expect((await reader?.read())?.value).toMatchObject({ type: 'abort' });
  await until(async () => (await transport.reconnectToStream({ chatId })) === null, { what: 'nothing to run' });
});

it('says what the server refuses', async () => {
  const nobody = new ContinuoChatTransport({ url, apiKey, agent: 'nobody/here' });
  await expect(say(nobody, 'Hi')).rejects.toMatchObject({ status: 404, message: 'There is no agent "nobody/here".' });
  const stranger = new ContinuoChatTransport({ url, apiKey: 'ck_wrong', agent: 'function/echo' });
  await expect(say(stranger, 'Hi')).rejects.toMatchObject({ status: 401 });
  const elsewhere = new ContinuoChatTransport({ url, apiKey, agent: 'function/echo', tenant: 'other' });
  await expect(say(elsewhere, 'Hi')).rejects.toMatchObject({ status: 404 });
});
