/** Agents behind AI SDK's chats, by its own transport and chat: sessions, questions, stop, resumption, and instances that die. */
import { DefaultChatTransport, uiMessageChunkSchema, type UIMessage, type UIMessageChunk } from 'ai';
import { beforeAll, expect, it } from 'vitest';
import { answerIn, connect, send } from '../support/a2a-client.js';
import { AiSdkChat } from '../support/ai-sdk-chat.js';
import { createTestDatabase } from '../support/database.js';
import { newKey } from '../support/keys-command.js';
import { openAiEntries } from '../support/openai-entries.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startServer } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let databaseUrl: string;
let url: string;
let model: OpenAiServer;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  model = await startOpenAiServer();
  const env = { DATABASE_URL: databaseUrl, ...soon, ...openAiEntries(model.baseUrl) };
  ({ url } = await startServer({ entry, env }));
});

class Chat extends AiSdkChat {
  constructor(agent: string, { id = crypto.randomUUID(), from = url, headers = {} } = {}) {
    super(new DefaultChatTransport({ api: `${from}/ai-sdk/${agent}`, headers }), id);
  }
}

interface Frame {
  readonly id: string | undefined;
  readonly chunk: UIMessageChunk;
}

/** The chunks of a stream until it ends, checked as AI SDK's clients do. */
async function* framesOf(response: Response): AsyncGenerator<Frame, void> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  expect(response.headers.get('x-vercel-ai-ui-message-stream')).toBe('v1');
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? '[DONE]';
      if (data === '[DONE]') continue;
      const chunk = JSON.parse(data) as UIMessageChunk;
      expect(await uiMessageChunkSchema().validate?.(chunk)).toMatchObject({ success: true });
      yield { id: /^id: (.*)$/m.exec(block)?.[1], chunk };
    }
  }
}

async function allFramesOf(response: Response): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of framesOf(response)) frames.push(frame);
  return frames;
}

function body(text: string, more: object = {}) {
  const message = { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] };
  return { id: crypto.randomUUID(), messages: [message], trigger: 'submit-message', ...more };
}

function post(agent: string, content: unknown, headers: Readonly<Record<string, string>> = {}, from = url) {
  return fetch(`${from}/ai-sdk/${agent}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(content),
  });
}

const streamOf = (agent: string, chatId: string, from = url): string => `${from}/ai-sdk/${agent}/${chatId}/stream`;
const typesOf = (frames: readonly Frame[]): readonly string[] => frames.map(({ chunk }) => chunk.type);

async function taskCount(): Promise<number> {
  return ((await (await fetch(`${url}/tasks?pageSize=1`)).json()) as { totalSize: number }).totalSize;
}

it('streams what the agent says, with what it took, and remembers the chat', async () => {
  const chat = new Chat('context/assistant');
  model.next({ kind: 'answer', words: ['Hello ', 'Ada.'] }, { kind: 'answer', words: ['You are Ada.'] });
  await chat.sendMessage({ text: 'I am Ada.' });
  expect(chat.lastMessage?.metadata).toMatchObject({
    taskId: expect.any(String),
    model: 'openai-compatible/test-model',
    usage: { totalTokens: expect.any(Number) },
  });
  await chat.sendMessage({ text: 'Who am I?' });
  expect(chat.texts).toEqual(['I am Ada.', 'Hello Ada.', 'Who am I?', 'You are Ada.']);
  const prompt = (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== 'system');
  expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
});

it('answers again, and answers what was edited', async () => {
  const chat = new Chat('context/assistant');
  const words = (...all: readonly string[]) =>
    model.next(...all.map((word) => ({ kind: 'answer' as const, words: [word] })));
  words('One.', 'Another.', 'Edited.');
  await chat.sendMessage({ text: 'Say one' });
  await chat.regenerate();
  expect(chat.texts).toEqual(['Say one', 'Another.']);
  await chat.sendMessage({ text: 'Say more', messageId: chat.messages[0]?.id ?? '' });
  expect(chat.texts).toEqual(['Say more', 'Edited.']);
});

it('asks, and the next message answers', async () => {
  const chat = new Chat('test/asks-twice');
  await chat.sendMessage({ text: 'Go' });
  const question = chat.lastMessage?.parts.find(({ type }) => type === 'data-question');
  expect(question).toMatchObject({ data: { message: 'What is your name?', taskId: expect.any(String) } });
  await chat.sendMessage({ text: 'Ada' });
  await chat.sendMessage({ text: 'Blue' });
  expect(chat.texts.at(-1)).toBe('Ada likes Blue.');
});

it('shows progress, takes pictures, and says where files of an answer are', async () => {
  for await (const { chunk } of framesOf(await post('function/countdown', body('Go')))) {
    if (chunk.type !== 'data-progress') continue;
    expect(chunk.data).toMatchObject({ fraction: expect.any(Number), stage: expect.any(String) });
    break;
  }
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const chat = new Chat('test/draws');
  await chat.sendMessage({ files: [{ type: 'file', mediaType: 'image/png', url: `data:image/png;base64,${pixel}` }] });
  const drawn = chat.lastMessage?.parts.find((part) => part.type === 'file');
  expect(drawn?.mediaType).toBe('image/png');
  const file = await fetch(drawn?.url ?? '');
  expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(pixel);
});

it('gives all of a turn or the rest again, and does nothing twice', async () => {
  model.next({ kind: 'answer', words: ['One, ', 'two, ', 'three.'] });
  const content = body('Count');
  const frames = await allFramesOf(await post('context/assistant', content));
  expect(typesOf(frames).filter((type) => type !== 'text-delta')).toEqual([
    'start',
    'text-start',
    'text-end',
    'finish',
  ]);
  const before = await taskCount();
  expect(await allFramesOf(await post('context/assistant', content))).toEqual(frames);
  for (const index of [0, 2, frames.length - 2]) {
    const headers = { 'last-event-id': frames[index]?.id ?? '' };
    const rest = await allFramesOf(await fetch(streamOf('context/assistant', content.id), { headers }));
    expect(rest).toEqual(frames.slice(index + 1));
  }
  expect((await fetch(streamOf('context/assistant', content.id))).status).toBe(204);
  expect((await fetch(streamOf('context/assistant', 'never-begun'))).status).toBe(204);
  expect(await taskCount()).toBe(before);
});

it('goes on where it was when its instance was killed in mid-stream, on another one', async () => {
  const env = { DATABASE_URL: databaseUrl, ...soon, ...openAiEntries(model.baseUrl) };
  const doomed = await startServer({ entry, env });
  const words = Array.from({ length: 40 }, (_word, index) => `word ${index}, `);
  model.next({ kind: 'stall', words: words.slice(0, 20) }, { kind: 'answer', words });
  const content = body('Tell');
  const seen: Frame[] = [];
  const read = async (): Promise<void> => {
    for await (const frame of framesOf(await post('context/assistant', content, {}, doomed.url))) {
      seen.push(frame);
      if (frame.chunk.type === 'text-delta') await doomed.kill('SIGKILL');
    }
  };
  await read().catch(() => undefined);
  // A page that was opened anew gets all of it, one that was there the rest.
  const reopened = new Chat('context/assistant', { id: content.id });
  reopened.messages = content.messages as UIMessage[];
  const headers = { 'last-event-id': seen.at(-1)?.id ?? '' };
  const [rest] = await Promise.all([
    fetch(streamOf('context/assistant', content.id), { headers }).then(allFramesOf),
    reopened.resumeStream(),
  ]);
  expect(reopened.texts).toEqual(['Tell', words.join('')]);
  const texts = [...seen, ...rest].map(({ chunk }) => (chunk.type === 'text-delta' ? chunk.delta : ''));
  expect(texts.join('')).toBe(words.join(''));
  expect(typesOf(rest).at(-1)).toBe('finish');
});

it('works on when its client goes, and is cancelled when it is told so', async () => {
  const chat = new Chat('test/endless-child');
  const before = await taskCount();
  const said = chat.sendMessage({ text: 'Go' });
  await until(async () => (await taskCount()) > before, { what: 'the task to begin' });
  await chat.stop();
  await said;
  const watching = fetch(streamOf('test/endless-child', chat.id)).then(allFramesOf);
  for (let time = 0; time < 2; time += 1) {
    expect((await fetch(streamOf('test/endless-child', chat.id), { method: 'DELETE' })).status).toBe(204);
  }
  expect(typesOf(await watching)).toEqual(['start', 'abort']);
});

it('says that a task has failed', async () => {
  const chat = new Chat('test/throws-at-once');
  await chat.sendMessage({ text: 'Go' });
  expect(chat.status).toBe('error');
  expect(chat.error?.message).toContain('There is nothing to do here.');
});

it('shares a session with A2A', async () => {
  const chat = new Chat('test/asks-twice');
  await chat.sendMessage({ text: 'Go' });
  const { taskId = '' } = (chat.lastMessage?.metadata ?? {}) as { readonly taskId?: string };
  const a2a = await connect(url, 'test/asks-twice');
  const task = await send(a2a, 'Ada', { taskId, contextId: chat.id });
  expect(answerIn(task)).toBe('Which colour do you like, Ada?');
  await chat.sendMessage({ text: 'Green' });
  expect(chat.texts.at(-1)).toBe('Ada likes Green.');
});

it('names what is wrong in a request, and changes nothing', async () => {
  const before = await taskCount();
  const user = (...parts: readonly unknown[]) => ({ messages: [{ id: '1', role: 'user', parts }] });
  const wrong: readonly (readonly [object, string])[] = [
    [{ id: '' }, 'id'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ id: '1', role: 'user' }] }, 'messages[0].parts'],
    [user({ type: 'text', text: ' ' }), 'messages'],
    [user({ type: 'text' }), 'messages[0].parts[0].text'],
    [user({ type: 'file', url: 'nowhere' }), 'messages[0].parts[0].url'],
    [{ trigger: 'resume' }, 'trigger'],
  ];
  for (const [change, field] of wrong) {
    const response = await post('function/echo', body('Hi', change));
    expect(await response.text()).toContain(`${field}: expected`);
    expect(response.status).toBe(400);
  }
  const chat = new Chat('nobody/here');
  await chat.sendMessage({ text: 'Hi' });
  expect(chat.error?.message).toBe('There is no agent "nobody/here".');
  const late = await fetch(streamOf('function/echo', 'chat'), { headers: { 'last-event-id': 'x' } });
  expect([late.status, await late.text()]).toEqual([400, expect.stringContaining('Last-Event-ID')]);
  expect(await taskCount()).toBe(before);
});

it('lets in whom the key lets in, and shows nobody a chat of another owner’s', async () => {
  const { url: database } = await createTestDatabase();
  const server = await startServer({ entry, env: { DATABASE_URL: database, CONTINUO_AUTH: 'keys' } });
  const by = async (...options: readonly string[]) => ({
    authorization: `Bearer ${await newKey(database, ...options)}`,
  });
  const ada = await by('--owner', 'ada');
  const bob = await by('--owner', 'bob');
  const adaEchoes = await by('--owner', 'ada', '--agents', 'function/echo');
  const content = body('Go');
  const [first] = await allFramesOf(await post('test/asks-twice', content, ada, server.url));
  const stream = streamOf('test/asks-twice', content.id, server.url);
  const behind = { ...bob, 'last-event-id': first?.id ?? '' };
  expect((await fetch(stream, { headers: behind })).status).toBe(404);
  expect((await fetch(stream, { headers: adaEchoes })).status).toBe(403);
  expect((await post('test/asks-twice', content, {}, server.url)).status).toBe(401);
  const refused = await post('test/asks-twice', content, adaEchoes, server.url);
  expect([refused.status, await refused.text()]).toEqual([403, 'This key is for function/echo alone.']);
  const chat = new Chat('function/echo', { from: server.url, headers: adaEchoes });
  await chat.sendMessage({ text: 'Hi' });
  expect(chat.texts).toHaveLength(2);
});
