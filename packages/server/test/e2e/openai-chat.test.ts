/** Agents behind OpenAI's chat completions, by OpenAI's own client. */
import OpenAI from 'openai';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { openAiEntries } from '../support/openai-entries.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startServer } from '../support/server-process.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let url: string;
let client: OpenAI;
let model: OpenAiServer;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  model = await startOpenAiServer();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl, ...openAiEntries(model.baseUrl) } }));
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 2 });
});

type Messages = OpenAI.ChatCompletionMessageParam[];
const user = (content: string): OpenAI.ChatCompletionUserMessageParam => ({ role: 'user', content });
const assistant = (content: string): OpenAI.ChatCompletionAssistantMessageParam => ({ role: 'assistant', content });

async function ask(agent: string, messages: Messages, headers: Readonly<Record<string, string>> = {}) {
  const { data, response } = await client.chat.completions
    .create({ model: agent, messages }, { headers })
    .withResponse();
  const text = data.choices[0]?.message.content ?? '';
  return { data, text, session: response.headers.get('x-session-id') ?? '', task: response.headers.get('x-task-id') };
}

async function saidIn(session: string): Promise<readonly string[]> {
  const page = (await (await fetch(`${url}/sessions/${session}/messages`)).json()) as {
    readonly messages: readonly {
      readonly message: { readonly role: string; readonly parts: readonly { text?: string }[] };
    }[];
  };
  return page.messages.map(({ message }) => message.parts.map(({ text }) => text).join(''));
}

async function taskCount(): Promise<number> {
  return ((await (await fetch(`${url}/tasks?pageSize=1`)).json()) as { totalSize: number }).totalSize;
}

it('answers, as a chat completion', async () => {
  const { data, text, task } = await ask('function/echo', [user('Hello')]);
  expect(text).toContain('Hello');
  expect(data).toMatchObject({
    id: `chatcmpl-${task}`,
    object: 'chat.completion',
    model: 'function/echo',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant' } }],
  });
  expect(Math.abs(data.created - Date.now() / 1000)).toBeLessThan(600);
});

it('streams what the agent says as it says it, with what the model took', async () => {
  model.next({ kind: 'answer', words: ['Good ', 'morning', '.'] });
  const stream = await client.chat.completions.create({
    model: 'context/assistant',
    messages: [user('Hello')],
    stream: true,
    stream_options: { include_usage: true },
  });
  const pieces: string[] = [];
  let usage: OpenAI.CompletionUsage | null | undefined;
  let finish: string | null | undefined;
  for await (const chunk of stream) {
    pieces.push(chunk.choices[0]?.delta.content ?? '');
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  expect(pieces.join('')).toBe('Good morning.');
  expect(finish).toBe('stop');
  expect(usage?.total_tokens).toBeGreaterThan(0);
});

it('remembers a conversation whose client resends it, and has each message once', async () => {
  model.next({ kind: 'answer', words: ['Hello Ada.'] }, { kind: 'answer', words: ['You are Ada.'] });
  const system = { role: 'system', content: 'Be kind.' } as const;
  const first = await ask('context/assistant', [system, user('I am Ada.')]);
  const second = await ask('context/assistant', [system, user('I am Ada.'), assistant(first.text), user('Who am I?')]);
  expect(second.session).toBe(first.session);
  expect(await saidIn(first.session)).toEqual(['I am Ada.', 'Hello Ada.', 'Who am I?', 'You are Ada.']);
  const prompt = (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== 'system');
  expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
});

it('tells conversations apart that begin alike, and takes over one that was changed or had elsewhere', async () => {
  const one = await ask('function/echo', [user('Hi')]);
  const other = await ask('function/echo', [user('Hi')]);
  expect(other.session).not.toBe(one.session);
  const goesOn = await ask('function/echo', [user('Hi'), assistant(one.text), user('One')]);
  expect([one.session, other.session]).toContain(goesOn.session);
  const changed = await ask('function/echo', [user('Hi'), assistant('Something else'), user('Two')]);
  expect(await saidIn(changed.session)).toEqual(['Hi', 'Something else', 'Two', expect.stringContaining('Two')]);
  expect([one.session, other.session]).not.toContain(changed.session);
});

it('finds a conversation again that it told more of than the words that are kept', async () => {
  const one: Messages = [user('Draw.'), user('With a pen.')];
  const asked = await ask('test/shows-and-asks', one);
  expect(asked.text).toMatch(/^A draft\.\n\n\[sketch\.png\]\(<[^>]+>\)\n\nIs it good\?$/);
  const two: Messages = [...one, assistant(asked.text), user('Yes')];
  const ended = await ask('test/shows-and-asks', two);
  expect(ended).toMatchObject({ text: '{"good":"Yes"}', task: asked.task, session: asked.session });
  const again = await ask('test/shows-and-asks', [...two, assistant(ended.text), user('Another.')]);
  expect(again.session).toBe(asked.session);
  expect(again.task).not.toBe(asked.task);
  const other = await ask('test/shows-and-asks', [...one, assistant('It is drawn.'), user('Yes')]);
  expect(other.session).not.toBe(asked.session);
});

it('takes the session from a header or the metadata, and only what is new then', async () => {
  const session = 'my-chat';
  await ask('function/echo', [user('First')], { 'X-Session-Id': session });
  await client.chat.completions.create({
    model: 'function/echo',
    messages: [user('First'), assistant('whatever the client made of it'), user('Second')],
    metadata: { session_id: session },
  });
  const users = (await saidIn(session)).filter((text) => !text.includes('Echo'));
  expect(users).toEqual(expect.arrayContaining(['First', 'Second']));
  expect(users).not.toContain('whatever the client made of it');
});

it('asks as an assistant, and the next message answers', async () => {
  const first = await ask('test/asks-twice', [user('Go')]);
  expect(first.text).toBe('What is your name?');
  const second = await ask('test/asks-twice', [user('Go'), assistant(first.text), user('Ada')]);
  expect(second).toMatchObject({ text: 'Which colour do you like, Ada?', task: first.task, session: first.session });
  const history = [user('Go'), assistant(first.text), user('Ada'), assistant(second.text), user('Blue')];
  const third = await ask('test/asks-twice', history);
  expect(third).toMatchObject({ text: 'Ada likes Blue.', task: first.task });
});

it.each([
  ['max_tokens', { max_tokens: 2 }, 'one two ', 'length'],
  ['the smaller of both', { max_tokens: 50, max_completion_tokens: 2 }, 'one two ', 'length'],
  ['a stop', { stop: 'two' }, 'one ', 'stop'],
  ['the first of several, said in two pieces', { stop: ['three', 'o thr'] }, 'one tw', 'stop'],
  ['what only begins like one', { stop: ['three!', ''] }, 'one two three', 'stop'],
])('ends where its client wants it to: %s', async (_what, limits, text, finish) => {
  const words = ['one ', 'two ', 'three'];
  model.next({ kind: 'answer', words }, { kind: 'answer', words });
  const asked = { model: 'context/assistant', messages: [user('Count.')], ...limits };
  const whole = await client.chat.completions.create(asked);
  expect(whole.choices[0]).toMatchObject({ message: { content: text }, finish_reason: finish });
  let streamed = '';
  let end: string | null | undefined;
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
    streamed += chunk.choices[0]?.delta.content ?? '';
    end = chunk.choices[0]?.finish_reason ?? end;
  }
  expect([streamed, end]).toEqual([text, finish]);
});

it('takes pictures and files, and says where files of an answer are', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const content = [{ type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }] as const;
  const { text, task } = await ask('test/draws', [{ role: 'user', content: [...content] }]);
  const address = /^Drawn\.\n\n\[picture\.png\]\(<([^>]+)>\)$/.exec(text)?.[1] ?? '';
  expect(address).toContain(`/tasks/${task}/artifacts/`);
  const file = await fetch(address);
  expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(pixel);
});

it('says that a task has failed, once, in whole answers and in streams', async () => {
  const before = await taskCount();
  await expect(ask('test/throws-at-once', [user('Go')])).rejects.toMatchObject({
    status: 500,
    code: 'task_failed',
    message: expect.stringContaining('There is nothing to do here.'),
  });
  const stream = await client.chat.completions.create({
    model: 'test/throws-at-once',
    messages: [user('Go')],
    stream: true,
  });
  const read = async (): Promise<void> => {
    for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
  };
  await expect(read()).rejects.toThrow('There is nothing to do here.');
  expect(await taskCount()).toBe(before + 2);
});

it('conversations that begin with the same words at once are several', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => ask('function/echo', [user('All at once')])));
  expect(new Set(all.map(({ session }) => session)).size).toBe(5);
  const [first] = all;
  const more = [user('All at once'), assistant(first?.text ?? ''), user('And then?')];
  expect(all.map(({ session }) => session)).toContain((await ask('function/echo', more)).session);
});

it('does once what is sent twice under one key', async () => {
  const headers = { 'Idempotency-Key': 'order-7' };
  const first = await ask('function/echo', [user('Once')], headers);
  const again = await ask('function/echo', [user('Once')], headers);
  expect(again).toMatchObject({ task: first.task, text: first.text });
});

it('names what is wrong in a request, and changes nothing', async () => {
  const before = await taskCount();
  const sessions = () => fetch(`${url}/sessions?pageSize=100`).then((answer) => answer.text());
  const sessionsBefore = await sessions();
  const wrong: readonly (readonly [object, string, number])[] = [
    [{ model: 'nobody/here' }, 'model', 404],
    [{ messages: [] }, 'messages', 400],
    [{ messages: [user('Hi'), assistant('Hello')] }, 'messages', 400],
    [{ messages: [user('  ')] }, 'messages', 400],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'nowhere' } }] }] },
      'messages[0].content[0].image_url.url',
      400,
    ],
    [{ n: 2 }, 'n', 400],
    [{ response_format: { type: 'json_object' } }, 'response_format.type', 400],
    [{ tool_choice: 'required' }, 'tool_choice', 400],
    [{ top_logprobs: 3 }, 'top_logprobs', 400],
    [{ functions: [{ name: 'f' }], function_call: { name: 'f' } }, 'function_call', 400],
    [{ metadata: { session_id: '' } }, 'metadata.session_id', 400],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 400],
    [{ stop: [7] }, 'stop', 400],
    [{ max_tokens: 0 }, 'max_tokens', 400],
    [{ max_completion_tokens: '5' }, 'max_completion_tokens', 400],
  ];
  for (const [change, param, status] of wrong) {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'function/echo', messages: [user('Hi')], ...change }),
    });
    expect(await response.json()).toMatchObject({ error: { param } });
    expect(response.status).toBe(status);
  }
  const notJson = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect(await notJson.json()).toMatchObject({ error: { type: 'invalid_request_error', param: 'body' } });
  expect(await taskCount()).toBe(before);
  expect(await sessions()).toBe(sessionsBefore);
});
