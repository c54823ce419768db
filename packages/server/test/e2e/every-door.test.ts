/** One session, begun over A2A, continued by OpenAI's client, watched over AG-UI and answered over MCP, while its instance dies. */
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { beforeAll, expect, it } from 'vitest';
import { answerIn, connect as connectA2A, request, send } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { framesOf, type EventFrame } from '../support/event-stream.js';
import { connect as connectMcp, textOf } from '../support/mcp-client.js';
import { openAiEntries } from '../support/openai-entries.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
const session = 'one-session';
let model: OpenAiServer;
let one: ServerProcess;
let other: ServerProcess;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  model = await startOpenAiServer();
  const env = { DATABASE_URL: databaseUrl, ...soon, ...openAiEntries(model.baseUrl) };
  [one, other] = await Promise.all([startServer({ entry, env }), startServer({ entry, env })]);
});

interface Said {
  readonly messageId: string;
  readonly role: string;
  readonly parts: readonly { readonly text?: string }[];
}

async function messages(): Promise<readonly Said[]> {
  const response = await fetch(`${other.url}/sessions/${session}/messages`);
  const page = (await response.json()) as { readonly messages: readonly { readonly message: Said }[] };
  return page.messages.map(({ message }) => message);
}

/** What is shown over AG-UI of the turn that a message began, behind the event `after`. */
async function watch(
  server: ServerProcess,
  { agent, messageId, after }: { readonly agent: string; readonly messageId: string; readonly after?: string },
  seen: EventFrame[],
): Promise<void> {
  const url = `${server.url}/ag-ui/${agent}/threads/${session}/runs/${messageId}`;
  const response = await fetch(url, { headers: after === undefined ? {} : { 'last-event-id': after } });
  for await (const frame of framesOf(response)) seen.push(frame);
}

function textIn(frames: readonly EventFrame[]): string {
  const events = frames.map(({ data }) => data as { readonly type: string; readonly delta?: string });
  return events.map(({ type, delta }) => (type === 'TEXT_MESSAGE_CONTENT' ? delta : '')).join('');
}

it('is one session for every client, and each sees everything once', async () => {
  // Begun over A2A.
  model.next({ kind: 'answer', words: ['Hello Ada.'] });
  const a2a = await connectA2A(one.url, 'context/assistant');
  const hello = await send(a2a, 'I am Ada.', { contextId: session });
  expect(answerIn(hello)).toBe('Hello Ada.');

  // Continued by OpenAI's client, and watched over AG-UI, until the instance dies in mid-answer.
  const words = Array.from({ length: 30 }, (_word, index) => `word ${index}, `);
  model.next({ kind: 'stall', words: words.slice(0, 10) }, { kind: 'answer', words });
  const openAi = (server: ServerProcess): OpenAI =>
    new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const seen: ResponseStreamEvent[] = [];
  const shown: EventFrame[] = [];
  let watching: Promise<void> = Promise.resolve();
  let run = '';
  const reading = (async () => {
    const stream = await openAi(one).responses.create({
      model: 'context/assistant',
      input: 'Tell me a story.',
      conversation: session,
      stream: true,
    });
    for await (const event of stream) seen.push(event);
  })().catch(() => undefined);
  await until(() => seen.some(({ type }) => type === 'response.output_text.delta'), { what: 'the story to begin' });
  run = (await messages()).findLast(({ role }) => role === 'ROLE_USER')?.messageId ?? '';
  watching = watch(one, { agent: 'context/assistant', messageId: run }, shown).catch(() => undefined);
  await until(() => textIn(shown) !== '', { what: 'the story to be shown' });
  await one.kill('SIGKILL');
  await Promise.all([reading, watching]);

  const [created] = seen;
  const id = created?.type === 'response.created' ? created.response.id : '';
  const rest = await openAi(other).responses.retrieve(id, {
    stream: true,
    starting_after: seen.at(-1)?.sequence_number ?? -1,
  });
  for await (const event of rest) seen.push(event);
  expect(seen.map((event) => event.sequence_number)).toEqual(seen.map((_event, index) => index));
  const deltas = seen.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []));
  expect(deltas.join('')).toBe(words.join(''));
  const after = shown.at(-1)?.id ?? '';
  await watch(other, { agent: 'context/assistant', messageId: run, after: String(after) }, shown);
  expect(textIn(shown)).toBe(words.join(''));
  expect(new Set(shown.map((frame) => frame.id)).size).toBe(shown.length);

  // A question of an agent that was called over A2A, answered over MCP.
  const asks = await connectA2A(other.url, 'test/asks-twice');
  const asked = await asks.sendMessage(request('Go', { contextId: session }));
  const taskId = 'id' in asked ? asked.id : '';
  const mcp = await connectMcp(other.url);
  expect(textOf(await mcp.call('answer', { taskId, message: 'Ada' }))).toContain('Which colour do you like, Ada?');
  expect(textOf(await mcp.call('answer', { taskId, message: 'Blue' }))).toContain('Ada likes Blue.');
  const last = (await messages()).findLast(({ role }) => role === 'ROLE_USER')?.messageId ?? '';
  const answered: EventFrame[] = [];
  await watch(other, { agent: 'test/asks-twice', messageId: last }, answered);
  expect(textIn(answered)).toBe('Ada likes Blue.');

  expect((await messages()).map(({ parts }) => parts.map(({ text }) => text).join(''))).toEqual([
    'I am Ada.',
    'Hello Ada.',
    'Tell me a story.',
    words.join(''),
    'Go',
    'What is your name?',
    'Ada',
    'Which colour do you like, Ada?',
    'Blue',
    'Ada likes Blue.',
  ]);
});
