/** Agents behind AG-UI, by its own client: threads, interrupts, runs that are resumed, and instances that die. */
import type { HttpAgentConfig } from '@ag-ui/client';
import { beforeAll, expect, it } from 'vitest';
import { answerIn, connect, send } from '../support/a2a-client.js';
import { AgUiChat, type AgUiEvent as Event } from '../support/ag-ui-chat.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf, framesOf, type EventFrame } from '../support/event-stream.js';
import { newKey } from '../support/keys-command.js';
import { openAiEntries } from '../support/openai-entries.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startServer } from '../support/server-process.js';
import { soon } from '../support/soon.js';

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

class Chat extends AgUiChat {
  constructor(agent: string, { from = url, ...config }: Partial<HttpAgentConfig> & { readonly from?: string } = {}) {
    super({ url: `${from}/ag-ui/${agent}`, ...config });
  }
}

const typesOf = (events: readonly Event[]): readonly string[] => events.map(({ type }) => type);
const eventsOf = (frames: readonly EventFrame[]): readonly Event[] => frames.map(({ data }) => data as Event);

function input(text: string, more: object = {}) {
  const message = { id: crypto.randomUUID(), role: 'user', content: text };
  return { threadId: crypto.randomUUID(), runId: crypto.randomUUID(), messages: [message], ...more };
}

function post(agent: string, body: unknown, headers: Readonly<Record<string, string>> = {}, from = url) {
  return fetch(`${from}/ag-ui/${agent}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function taskCount(): Promise<number> {
  return ((await (await fetch(`${url}/tasks?pageSize=1`)).json()) as { totalSize: number }).totalSize;
}

it('streams what the agent says, and remembers the thread', async () => {
  const chat = new Chat('context/assistant');
  model.next({ kind: 'answer', words: ['Hello ', 'Ada.'] }, { kind: 'answer', words: ['You are Ada.'] });
  const events = await chat.say('I am Ada.');
  const types = typesOf(events);
  expect(types[0]).toBe('RUN_STARTED');
  expect(types.filter((type) => type.startsWith('TEXT_MESSAGE')).at(0)).toBe('TEXT_MESSAGE_START');
  expect(types.filter((type) => type.startsWith('TEXT_MESSAGE')).at(-1)).toBe('TEXT_MESSAGE_END');
  const usage = [expect.objectContaining({ model: 'openai-compatible/test-model', totalTokens: expect.any(Number) })];
  expect(events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'success' }, usage });
  await chat.say('Who am I?');
  expect(chat.texts).toEqual(['I am Ada.', 'Hello Ada.', 'Who am I?', 'You are Ada.']);
  const prompt = (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== 'system');
  expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
});

it('takes over what was said elsewhere, once', async () => {
  const chat = new Chat('context/assistant');
  chat.agent.setMessages([
    { id: 'before-1', role: 'user', content: 'I am Bob.' },
    { id: 'before-2', role: 'assistant', content: 'Hello Bob.' },
  ]);
  model.next({ kind: 'answer', words: ['Bob.'] }, { kind: 'answer', words: ['Still Bob.'] });
  await chat.say('Who am I?');
  await chat.say('And now?');
  const prompt = (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== 'system');
  expect(prompt.map(({ content }) => content)).toEqual(['I am Bob.', 'Hello Bob.', 'Who am I?', 'Bob.', 'And now?']);
});

it('shows progress, and the state of the session', async () => {
  for await (const { data } of framesOf(await post('function/countdown', input('Go')))) {
    const { type, content } = data as Event;
    if (type !== 'ACTIVITY_SNAPSHOT') continue;
    expect(content).toMatchObject({ fraction: expect.any(Number), stage: expect.any(String) });
    break;
  }
  const chat = new Chat('function/echo');
  await chat.say('Hi');
  await fetch(`${url}/sessions/${chat.agent.threadId}/state`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ colour: 'blue' }),
  });
  await chat.say('Hi again');
  expect(chat.agent.state).toEqual({ colour: 'blue' });
});

it('interrupts a run to ask, and goes on with the answer', async () => {
  const chat = new Chat('test/asks-twice');
  const events = await chat.say('Go');
  expect(events.at(-1)).toMatchObject({
    type: 'RUN_FINISHED',
    outcome: { type: 'interrupt', interrupts: [{ reason: 'input_required', message: 'What is your name?' }] },
  });
  const first = chat.interruptId;
  await chat.run({ resume: [{ interruptId: first, status: 'resolved', payload: 'Ada' }] });
  expect(chat.agent.pendingInterrupts).toMatchObject([{ message: 'Which colour do you like, Ada?' }]);
  // The question that was answered stays answered, whatever comes.
  const late = input('Late', { threadId: chat.agent.threadId });
  const resume = [{ interruptId: first, status: 'resolved', payload: 'Bob' }];
  expect(await (await post('test/asks-twice', { ...late, resume })).json()).toMatchObject({ type: 'RUN_ERROR' });
  await chat.run({ resume: [{ interruptId: chat.interruptId, status: 'resolved', payload: 'Blue' }] });
  expect(chat.texts.at(-1)).toBe('Ada likes Blue.');
});

it('takes the next message as the answer, and ends a task that nobody will answer', async () => {
  const threadId = crypto.randomUUID();
  await allFramesOf(await post('test/asks-twice', input('Go', { threadId })));
  const asked = eventsOf(await allFramesOf(await post('test/asks-twice', input('Ada', { threadId }))));
  const last = asked.at(-1) as unknown as { readonly outcome: { readonly interrupts: readonly { id: string }[] } };
  const interruptId = last.outcome.interrupts[0]?.id ?? '';
  const resume = [{ interruptId, status: 'cancelled' }];
  const messages: unknown[] = [];
  for (let time = 0; time < 2; time += 1) {
    const run = { threadId, runId: 'gives-up', messages, resume };
    const ended = eventsOf(await allFramesOf(await post('test/asks-twice', run)));
    expect(ended.at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } });
  }
});

it('numbers its events, and gives the rest again to a run that comes again, which does nothing twice', async () => {
  model.next({ kind: 'answer', words: ['One, ', 'two, ', 'three.'] });
  const body = input('Count');
  const frames = await allFramesOf(await post('context/assistant', body));
  const before = await taskCount();
  expect(frames.map(({ id }) => id)).toEqual(frames.map((_frame, index) => index));
  const run = `${url}/ag-ui/context/assistant/threads/${body.threadId}/runs/${body.runId}`;
  for (const after of [0, 2, frames.length - 2, frames.length - 1]) {
    const headers = { 'last-event-id': String(after) };
    const rest = frames.slice(after + 1);
    expect(await allFramesOf(await post('context/assistant', body, headers))).toEqual(rest);
    expect(await allFramesOf(await fetch(run, { headers }))).toEqual(rest);
  }
  expect(await allFramesOf(await fetch(run))).toEqual(frames);
  expect(await taskCount()).toBe(before);
});

it('begins a new run at its beginning, whatever its client has seen of others', async () => {
  const seen = { 'last-event-id': '3' };
  const asked = input('Go');
  const { threadId } = asked;
  for (const run of [asked, input('Ada', { threadId })]) {
    const frames = await allFramesOf(await post('test/asks-twice', run, seen));
    expect(typesOf(eventsOf(frames))[0]).toBe('RUN_STARTED');
    // The same run again goes on behind what was seen.
    const again = await allFramesOf(await post('test/asks-twice', run, { 'last-event-id': '0' }));
    expect(typesOf(eventsOf(again))).not.toContain('RUN_STARTED');
  }
});

it('goes on where it was when its instance was killed in mid-stream, on another one', async () => {
  const env = { DATABASE_URL: databaseUrl, ...soon, ...openAiEntries(model.baseUrl) };
  const doomed = await startServer({ entry, env });
  const words = Array.from({ length: 40 }, (_word, index) => `word ${index}, `);
  model.next({ kind: 'stall', words: words.slice(0, 20) }, { kind: 'answer', words });
  const body = input('Tell');
  const seen: EventFrame[] = [];
  const read = async (): Promise<void> => {
    for await (const frame of framesOf(await post('context/assistant', body, {}, doomed.url))) {
      seen.push(frame);
      if ((frame.data as Event).type === 'TEXT_MESSAGE_CONTENT') await doomed.kill('SIGKILL');
    }
  };
  await read().catch(() => undefined);
  const rest = await allFramesOf(await post('context/assistant', body, { 'last-event-id': String(seen.at(-1)?.id) }));
  const frames = [...seen, ...rest];
  expect(frames.map(({ id }) => id)).toEqual(frames.map((_frame, index) => index));
  const texts = eventsOf(frames).flatMap(({ type, delta }) => (type === 'TEXT_MESSAGE_CONTENT' ? [delta] : []));
  expect(texts.join('')).toBe(words.join(''));
});

it('has a client that was cut off say everything once when it runs the same run again', async () => {
  const words = ['One, ', 'two, ', 'three.'];
  model.next({ kind: 'answer', words });
  const chat = new Chat('context/assistant');
  await chat.say('Count', { runId: 'the-run' });
  const [, answer] = chat.agent.messages;
  // Half of it had come.
  chat.agent.setMessages(
    chat.agent.messages.map((message) => (message === answer ? { ...answer, content: 'One, ' } : message)) as never,
  );
  await chat.run({ runId: 'the-run' });
  expect(chat.texts).toEqual(['Count', words.join('')]);
});

it('works on when its client goes, and is cancelled when it is told so', async () => {
  const body = input('Go');
  const client = new AbortController();
  const response = await fetch(`${url}/ag-ui/test/endless-child`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: client.signal,
  });
  for await (const { data } of framesOf(response)) {
    expect(data).toMatchObject({ type: 'RUN_STARTED' });
    break;
  }
  client.abort();
  const run = `${url}/ag-ui/test/endless-child/threads/${body.threadId}/runs/${body.runId}`;
  const watching = fetch(run).then(allFramesOf);
  for (let time = 0; time < 2; time += 1) expect((await fetch(run, { method: 'DELETE' })).status).toBe(204);
  expect(eventsOf(await watching).at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } });
  const other = `${url}/ag-ui/test/endless-child/threads/${body.threadId}/runs/other`;
  expect((await fetch(other, { method: 'DELETE' })).status).toBe(404);
});

it('says that a task has failed', async () => {
  const [last] = eventsOf(await allFramesOf(await post('test/throws-at-once', input('Go')))).slice(-1);
  expect(last).toMatchObject({ type: 'RUN_ERROR', code: 'task_failed' });
  expect(last?.['message']).toContain('There is nothing to do here.');
});

it('takes pictures, and says where files of an answer are', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const source = { type: 'data', value: pixel, mimeType: 'image/png' };
  const messages = [{ id: 'picture', role: 'user', content: [{ type: 'image', source }] }];
  const events = eventsOf(await allFramesOf(await post('test/draws', input('', { messages }))));
  const artifact = events.find(({ type }) => type === 'CUSTOM') as { readonly value?: { readonly url?: string } };
  const file = await fetch(artifact.value?.url ?? '');
  expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(pixel);
});

it('finds a run of long ago, and the task that its agent has left open, behind hundreds of messages', async () => {
  const run = input('Go');
  await post('test/asks-twice', run);
  const echo = await connect(url, 'function/echo');
  for (let n = 0; n < 105; n += 1) await send(echo, `${n}`, { contextId: run.threadId });
  const address = `${url}/ag-ui/test/asks-twice/threads/${run.threadId}/runs/${run.runId}`;
  const events = eventsOf(await allFramesOf(await fetch(address)));
  expect(events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'interrupt' } });
  const chat = `${url}/ai-sdk/test/asks-twice/${run.threadId}/stream`;
  expect((await fetch(chat, { method: 'DELETE' })).status).toBe(204);
  expect(eventsOf(await allFramesOf(await fetch(address))).at(-1)).toMatchObject({ outcome: { type: 'interrupt' } });
  const canceled = await fetch(`${url}/tasks?contextId=${run.threadId}&status=TASK_STATE_CANCELED`);
  expect(await canceled.json()).toMatchObject({ totalSize: 1 });
});

it('shares a session with A2A', async () => {
  const chat = new Chat('test/asks-twice');
  await chat.say('Go');
  const a2a = await connect(url, 'test/asks-twice');
  const [taskId = ''] = chat.interruptId.split(':');
  const task = await send(a2a, 'Ada', { taskId, contextId: chat.agent.threadId });
  expect(answerIn(task)).toBe('Which colour do you like, Ada?');
  const events = eventsOf(
    await allFramesOf(await post('test/asks-twice', input('Green', { threadId: chat.agent.threadId }))),
  );
  expect(events.find(({ type }) => type === 'TEXT_MESSAGE_CONTENT')).toMatchObject({ delta: 'Ada likes Green.' });
});

it('names what is wrong in a request, and changes nothing', async () => {
  const before = await taskCount();
  const user = (content: unknown) => ({ messages: [{ id: '1', role: 'user', content }] });
  const wrong: readonly (readonly [object, string])[] = [
    [{ threadId: '' }, 'threadId'],
    [{ runId: undefined }, 'runId'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'user', content: 'Hi' }] }, 'messages[0].id'],
    [user('  '), 'messages'],
    [user([{ type: 'image', source: { type: 'url', value: 'nowhere' } }]), 'messages[0].content[0].source.value'],
    [{ resume: [{ interruptId: 'x', status: 'resolved', payload: 'y' }] }, 'resume[0].interruptId'],
    [{ resume: [{ interruptId: 'x', status: 'later' }] }, 'resume[0].status'],
  ];
  for (const [change, field] of wrong) {
    const response = await post('function/echo', input('Hi', change));
    expect(await response.json()).toMatchObject({ type: 'RUN_ERROR', code: 'invalid_argument', metadata: { field } });
    expect(response.status).toBe(400);
  }
  const unknown = await post('nobody/here', input('Hi'));
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { type: 'RUN_ERROR', code: 'agent_not_found' }]);
  const late = await post('function/echo', input('Hi'), { 'last-event-id': 'x' });
  expect(await late.json()).toMatchObject({ metadata: { field: 'Last-Event-ID' } });
  const body = input('Once');
  await allFramesOf(await post('function/echo', body));
  const changed = { ...body, messages: [{ ...body.messages[0], content: 'Twice' }] };
  expect(await (await post('function/echo', changed)).json()).toMatchObject({ code: 'invalid_argument' });
  expect(await taskCount()).toBe(before + 1);
});

it('lets in whom the key lets in, and shows nobody a run of another owner’s', async () => {
  const { url: database } = await createTestDatabase();
  const server = await startServer({ entry, env: { DATABASE_URL: database, CONTINUO_AUTH: 'keys' } });
  const by = async (...options: readonly string[]) => ({
    authorization: `Bearer ${await newKey(database, ...options)}`,
  });
  const ada = await by('--owner', 'ada');
  const bob = await by('--owner', 'bob');
  const adaEchoes = await by('--owner', 'ada', '--agents', 'function/echo');
  const body = input('Go');
  await allFramesOf(await post('test/asks-twice', body, ada, server.url));
  const run = `${server.url}/ag-ui/test/asks-twice/threads/${body.threadId}/runs/${body.runId}`;
  expect((await fetch(run, { headers: bob })).status).toBe(404);
  expect((await fetch(run, { headers: bob, method: 'DELETE' })).status).toBe(404);
  expect((await fetch(run, { headers: adaEchoes })).status).toBe(403);
  const nobody = await post('test/asks-twice', input('Go'), {}, server.url);
  expect([nobody.status, await nobody.json()]).toMatchObject([401, { type: 'RUN_ERROR', code: 'unauthenticated' }]);
  const refused = await post('test/asks-twice', input('Go'), adaEchoes, server.url);
  expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'permission_denied' }]);
  const chat = new Chat('function/echo', { from: server.url, headers: adaEchoes });
  await chat.say('Hi');
  expect(chat.texts).toHaveLength(2);
});
