/** Tools that agents run themselves, as AG-UI's and the AI SDK's clients see them: once, also when an instance dies in one. */
import { HttpAgent } from '@ag-ui/client';
import { AbstractChat, DefaultChatTransport, type ChatState, type ChatStatus, type UIMessage } from 'ai';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf, framesOf, type EventFrame } from '../support/event-stream.js';
import type { Reply } from '../support/model-reply.js';
import { makeNotesFile } from '../support/noted-steps.js';
import { openAiEntries } from '../support/openai-entries.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const entry = new URL('../support/tools-server.mjs', import.meta.url).pathname;
/** What another instance takes over soon. */
const quick = { CONTINUO_LEASE_MS: '2000', CONTINUO_HEARTBEAT_MS: '300', CONTINUO_SWEEP_MS: '100' };
/** The instances have different numbers of connections: by that their tool tells them apart. */
const LASTING = 6;
const DOOMED = 5;
const DONE: Reply = { kind: 'answer', words: ['All is noted.'] };
let databaseUrl: string;
let url: string;
let file: string;
let model: OpenAiServer;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  model = await startOpenAiServer();
  file = await makeNotesFile();
  ({ url } = await start(LASTING));
});

function start(pool: number): Promise<ServerProcess> {
  const env = { DATABASE_URL: databaseUrl, CONTINUO_DATABASE_POOL: String(pool), ...quick };
  return startServer({ entry, env: { ...env, ...openAiEntries(model.baseUrl) } });
}

function notes(...lines: readonly (readonly [line: string, waitIn?: number])[]): Reply {
  const calls = lines.map(([line, waitIn]) => ({
    name: 'note',
    input: { file, line, ...(waitIn === undefined ? {} : { waitIn }) },
  }));
  return { kind: 'calls', words: ['I note it.'], calls };
}

class State implements ChatState<UIMessage> {
  status: ChatStatus = 'ready';
  error: Error | undefined;
  messages: UIMessage[] = [];
  readonly pushMessage = (message: UIMessage): void => void this.messages.push(message);
  readonly popMessage = (): void => void this.messages.pop();
  readonly replaceMessage = (index: number, message: UIMessage): void => void (this.messages[index] = message);
  readonly snapshot = <Value>(value: Value): Value => structuredClone(value);
}

/** What `useChat` is without React. */
class Chat extends AbstractChat<UIMessage> {
  constructor() {
    const transport = new DefaultChatTransport({ api: `${url}/ai-sdk/test/noter` });
    super({ id: crypto.randomUUID(), transport, state: new State() });
  }

  /** What the last message shows. */
  get shown(): readonly unknown[] {
    return (this.lastMessage?.parts ?? []).flatMap((part): readonly unknown[] => {
      if (part.type === 'text') return [part.text];
      if (part.type !== 'dynamic-tool') return [];
      const { toolName, state, input } = part;
      return [{ toolName, state, input, output: part.output ?? part.errorText }];
    });
  }
}

it('shows them to AG-UI’s clients, each with its arguments and its result', async () => {
  model.next(notes(['one'], ['two']), DONE);
  const agent = new HttpAgent({ url: `${url}/ag-ui/test/noter`, threadId: crypto.randomUUID() });
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: 'Note it.' });
  await agent.runAgent();
  const [, first, ...others] = agent.messages;
  expect(first).toMatchObject({ role: 'assistant', content: 'I note it.' });
  const calls = first?.role === 'assistant' ? (first.toolCalls ?? []) : [];
  expect(calls.map((call) => JSON.parse(call.function.arguments) as unknown)).toEqual([
    { file, line: 'one' },
    { file, line: 'two' },
  ]);
  const results = others.flatMap((message) => (message.role === 'tool' ? [message] : []));
  const resultOf = (id: string | undefined) => results.find(({ toolCallId }) => toolCallId === id)?.content;
  expect(calls.map(({ id }) => resultOf(id))).toEqual(['noted one', 'noted two']);
  expect(others.at(-1)).toMatchObject({ role: 'assistant', content: 'All is noted.' });
  expect(agent.messages).toHaveLength(5);
  // What the client sends back of them changes nothing.
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: 'Thanks' });
  model.next({ kind: 'answer', words: ['Welcome.'] });
  await agent.runAgent();
  expect(agent.messages.at(-1)?.content).toBe('Welcome.');
});

it('shows them to AI SDK’s chats, what is large as the beginning of its text', async () => {
  const chat = new Chat();
  const long = 'x'.repeat(20_000);
  model.next(notes(['one'], [long]), { kind: 'calls', calls: [{ name: 'nothing', input: {} }] }, DONE);
  await chat.sendMessage({ text: 'Note it.' });
  const [said, one, large, unknown, last, ...others] = chat.shown as readonly { readonly input?: unknown }[];
  expect(said).toBe('I note it.');
  const state = 'output-available';
  expect(one).toEqual({ toolName: 'note', state, input: { file, line: 'one' }, output: 'noted one' });
  expect(large).toMatchObject({ state, output: expect.stringMatching(/^"?noted x{1000}/) });
  expect(String(large?.input).length).toBeLessThanOrEqual(16 * 1024);
  expect(unknown).toMatchObject({
    toolName: 'nothing',
    state: 'output-error',
    output: expect.stringContaining('no tool'),
  });
  expect(last).toBe('All is noted.');
  expect(others).toEqual([]);
});

it('shows one that a person has to allow when it has run', async () => {
  const chat = new Chat();
  model.next({ kind: 'calls', calls: [{ name: 'sign', input: { file, line: 'contract' } }] }, DONE);
  await chat.sendMessage({ text: 'Sign it.' });
  expect(chat.shown).toEqual([expect.stringContaining('wants to use the tool sign')]);
  await chat.sendMessage({ text: 'yes' });
  const input = { file, line: 'contract' };
  const signed = { toolName: 'sign', state: 'output-available', input, output: 'noted contract' };
  expect(chat.shown).toEqual([signed, 'All is noted.']);
});

interface Event {
  readonly type: string;
  readonly [name: string]: unknown;
}

it('goes on where it was when its instance was killed in a tool, on another one', async () => {
  const doomed = await start(DOOMED);
  model.next(notes(['first'], ['second', DOOMED]), DONE);
  const content = {
    threadId: crypto.randomUUID(),
    runId: crypto.randomUUID(),
    messages: [{ id: crypto.randomUUID(), role: 'user', content: 'Note it.' }],
  };
  const post = (server: string, headers = {}) =>
    fetch(`${server}/ag-ui/test/noter`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(content),
    });
  const seen: EventFrame[] = [];
  const read = async (): Promise<void> => {
    for await (const frame of framesOf(await post(doomed.url))) {
      seen.push(frame);
      if ((frame.data as Event).type === 'TOOL_CALL_RESULT') await doomed.kill('SIGKILL');
    }
  };
  await read().catch(() => undefined);
  const rest = await allFramesOf(await post(url, { 'last-event-id': String(seen.at(-1)?.id) }));
  const frames = [...seen, ...rest];
  expect(frames.map(({ id }) => id)).toEqual(frames.map((_frame, index) => index));
  const events = frames.map(({ data }) => data as Event);
  expect(events.map(({ type }) => type).filter((type) => type.startsWith('TOOL_CALL'))).toEqual([
    'TOOL_CALL_START',
    'TOOL_CALL_ARGS',
    'TOOL_CALL_END',
    'TOOL_CALL_START',
    'TOOL_CALL_ARGS',
    'TOOL_CALL_END',
    'TOOL_CALL_RESULT',
    'TOOL_CALL_RESULT',
  ]);
  const results = events.flatMap((event) => (event.type === 'TOOL_CALL_RESULT' ? [event['content']] : []));
  expect(results).toEqual(['noted first', 'noted second']);
  expect((await allFramesOf(await post(url))).map(({ data }) => data)).toEqual(events);
});
