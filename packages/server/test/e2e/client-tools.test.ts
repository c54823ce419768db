/** Tools of clients, by the clients of each protocol: offered to the model, run where they are, also over instances that die. */
import { HttpAgent } from '@ag-ui/client';
import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { Response as OpenAiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { beforeAll, expect, it } from 'vitest';
import { answerIn, connect, send, stateOf } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import { openAiEntries } from '../support/openai-entries.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';

const entry = new URL('../support/tools-server.mjs', import.meta.url).pathname;
const EXTENSION = 'urn:continuo:a2a:client-tools:v1';
const MODEL = 'test/guide';
let databaseUrl: string;
let url: string;
let client: OpenAI;
let model: OpenAiServer;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  model = await startOpenAiServer();
  ({ url } = await start());
  client = clientOf(url);
});

function start(): Promise<ServerProcess> {
  return startServer({ entry, env: { DATABASE_URL: databaseUrl, ...soon, ...openAiEntries(model.baseUrl) } });
}

function clientOf(serverUrl: string): OpenAI {
  return new OpenAI({ baseURL: `${serverUrl}/v1`, apiKey: 'none', maxRetries: 0 });
}

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = { name: 'weather', description: 'The weather in a city.', parameters };
const tools: ChatCompletionTool[] = [{ type: 'function', function: weather }];
const user = (content: string): ChatCompletionMessageParam => ({ role: 'user', content });

const weatherIn = (...cities: readonly string[]) => cities.map((city) => ({ name: 'weather', input: { city } }));

/** What the model was told of the calls that it made, in order. */
function told(): readonly unknown[] {
  return (model.requests.at(-1)?.messages ?? []).flatMap(({ role, content }) => (role === 'tool' ? [content] : []));
}

it('runs them where the client is, one answer of the model after the other', async () => {
  model.next(
    { kind: 'calls', calls: weatherIn('Rome') },
    { kind: 'calls', calls: weatherIn('Oslo'), words: ['Warm. ', 'And Oslo?'] },
    { kind: 'answer', words: ['Go to Rome.'] },
  );
  const asked: string[] = [];
  const runner = client.chat.completions.runTools({
    model: MODEL,
    stream: true,
    messages: [user('Rome or Oslo?')],
    tools: [
      {
        type: 'function',
        function: {
          ...weather,
          parse: (text: string) => JSON.parse(text) as { readonly city: string },
          function: ({ city }: { readonly city: string }) => {
            asked.push(city);
            return city === 'Rome' ? '20 degrees' : '2 degrees';
          },
        },
      },
    ],
  });
  expect(await runner.finalContent()).toBe('Go to Rome.');
  expect(asked).toEqual(['Rome', 'Oslo']);
  expect(told()).toEqual(['20 degrees', '2 degrees']);
  // What the client has now is one conversation, and goes on in the session of the one before.
  model.next({ kind: 'answer', words: ['By train.'] });
  const messages = [...runner.messages, user('How?')];
  const { data, response } = await client.chat.completions.create({ model: MODEL, messages, tools }).withResponse();
  expect(data.choices[0]?.message.content).toBe('By train.');
  const prompt = (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== 'system');
  expect(prompt.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
    'assistant',
    'user',
  ]);
  const session = response.headers.get('x-session-id') ?? '';
  const { body } = await call('GET', `${url}/tasks?contextId=${session}`);
  expect(at(body, 'totalSize')).toBe(2);
});

it('asks for several at once, beside the agent’s own, and takes their results once', async () => {
  model.next(
    {
      kind: 'calls',
      calls: [...weatherIn('Rome'), { name: 'look_up', input: { what: 'Rome' } }, ...weatherIn('Bonn')],
    },
    { kind: 'answer', words: ['Mild.'] },
  );
  const first = await client.chat.completions.create({ model: MODEL, messages: [user('Compare')], tools });
  expect(model.requests.at(-1)?.tools?.map((one) => one.function.name)).toEqual(['look_up', 'weather']);
  const [choice] = first.choices;
  expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
  const calls = choice?.message.tool_calls ?? [];
  expect(calls.map((one) => 'function' in one && JSON.parse(one.function.arguments))).toEqual([
    { city: 'Rome' },
    { city: 'Bonn' },
  ]);
  const [rome = '', bonn = ''] = calls.map(({ id }) => id);
  const results = (...ids: readonly (readonly [string, string])[]): ChatCompletionMessageParam[] => [
    user('Compare'),
    ...(choice === undefined ? [] : [choice.message]),
    ...ids.map(([tool_call_id, content]) => ({ role: 'tool' as const, tool_call_id, content })),
  ];
  const wrong: readonly (readonly [ChatCompletionMessageParam[], string])[] = [
    [results([rome, 'warm']), 'messages'],
    [results([rome, 'warm'], ['call_1', 'cold']), 'messages[3].tool_call_id'],
    [results([rome, 'warm'], [bonn.replace(/_1$/, '_2'), 'cold']), 'messages[3].tool_call_id'],
    [results([rome, 'warm'], [rome, 'cold']), 'messages[3].tool_call_id'],
    [results(['call_1', 'warm']), 'messages[2].tool_call_id'],
    [[...results([rome, 'warm'], [bonn, 'cold']), user('Quick!')], 'messages'],
  ];
  for (const [messages, param] of wrong) {
    const refused = client.chat.completions.create({ model: MODEL, messages, tools });
    await expect(refused).rejects.toMatchObject({ status: 400, param });
  }
  const other = client.chat.completions.create({ model: 'test/noter', messages: results([rome, 'a'], [bonn, 'b']) });
  await expect(other).rejects.toMatchObject({ status: 400, param: 'messages[2].tool_call_id' });
  const messages = results([bonn, 'cold'], [rome, 'warm']);
  for (let time = 0; time < 2; time += 1) {
    const answer = await client.chat.completions.create({ model: MODEL, messages, tools });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Mild.' } });
  }
  expect(told()).toEqual(['warm', 'all of Rome', 'cold']);
});

it('streams them as items of a response, which the next response answers', async () => {
  model.next({ kind: 'calls', calls: weatherIn('Rome'), words: ['Let me look.'] }, { kind: 'answer', words: ['20.'] });
  const offered = [{ type: 'function' as const, strict: null, ...weather }];
  const stream = await client.responses.create({ model: MODEL, input: 'Rome?', tools: offered, stream: true });
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
  const last = events.at(-1);
  const first = last?.type === 'response.completed' ? last.response : ({} as OpenAiResponse);
  const [said, wanted] = first.output;
  expect(said).toMatchObject({ type: 'message', content: [{ text: 'Let me look.' }] });
  expect(wanted).toMatchObject({ type: 'function_call', name: 'weather', arguments: '{"city":"Rome"}' });
  const again: ResponseStreamEvent[] = [];
  for await (const event of await client.responses.retrieve(first.id, { stream: true, starting_after: 6 }))
    again.push(event);
  expect(again).toEqual(events.slice(7));
  const id = wanted?.type === 'function_call' ? wanted.call_id : '';
  const input = [{ type: 'function_call_output' as const, call_id: id, output: '20 degrees' }];
  const second = await client.responses.create({ model: MODEL, input, previous_response_id: first.id, tools: offered });
  expect(second.output_text).toBe('20.');
  expect(told()).toEqual(['20 degrees']);
  expect((await client.responses.retrieve(first.id)).output).toEqual(first.output);
});

it('waits for them when its instance is killed, and streams the answer on when the next one is', async () => {
  const [waits, streams] = [await start(), await start()];
  const words = Array.from({ length: 40 }, (_word, index) => `word ${index}, `);
  model.next(
    { kind: 'calls', calls: weatherIn('Rome') },
    { kind: 'stall', words: words.slice(0, 20) },
    { kind: 'answer', words },
  );
  const offered = [{ type: 'function' as const, strict: null, ...weather }];
  const first = await clientOf(waits.url).responses.create({ model: MODEL, input: 'Rome?', tools: offered });
  await waits.kill('SIGKILL');
  const [wanted] = first.output;
  const input = [
    {
      type: 'function_call_output' as const,
      call_id: wanted?.type === 'function_call' ? wanted.call_id : '',
      output: '20',
    },
  ];
  const seen: ResponseStreamEvent[] = [];
  const read = async (): Promise<void> => {
    const stream = await clientOf(streams.url).responses.create({ model: MODEL, input, stream: true });
    for await (const event of stream) {
      seen.push(event);
      if (event.type === 'response.output_text.delta') await streams.kill('SIGKILL');
    }
  };
  await read().catch(() => undefined);
  const [created] = seen;
  const id = created?.type === 'response.created' ? created.response.id : '';
  const after = seen.at(-1)?.sequence_number ?? -1;
  for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: after }))
    seen.push(event);
  expect(seen.map((event) => event.sequence_number)).toEqual(seen.map((_event, index) => index));
  const texts = seen.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []));
  expect(texts.join('')).toBe(words.join(''));
  expect(told()).toEqual(['20']);
});

it('runs those of an AG-UI client', async () => {
  model.next(
    { kind: 'calls', calls: weatherIn('Rome', 'Oslo'), words: ['Let me look.'] },
    { kind: 'answer', words: ['Rome.'] },
  );
  const agent = new HttpAgent({ url: `${url}/ag-ui/${MODEL}`, threadId: crypto.randomUUID() });
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: 'Rome or Oslo?' });
  const calls: { readonly id: string; readonly args: unknown }[] = [];
  const subscriber = {
    onToolCallEndEvent: ({ event, toolCallArgs }: { event: { toolCallId: string }; toolCallArgs: unknown }) =>
      void calls.push({ id: event.toolCallId, args: toolCallArgs }),
  };
  await agent.runAgent({ tools: [weather] }, subscriber);
  expect(agent.pendingInterrupts).toEqual([]);
  expect(calls.map(({ args }) => args)).toEqual([{ city: 'Rome' }, { city: 'Oslo' }]);
  for (const { id } of calls) {
    agent.addMessage({ id: crypto.randomUUID(), role: 'tool', toolCallId: id, content: `warm: ${calls.length}` });
  }
  await agent.runAgent({ tools: [weather] });
  const { messages } = agent;
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool', 'assistant']);
  expect(messages.filter(({ role }) => role === 'assistant').map(({ content }) => content)).toEqual([
    'Let me look.',
    'Rome.',
  ]);
  expect(told()).toEqual(['warm: 2', 'warm: 2']);
  // The same again is the same turn, and the user goes on behind it.
  await agent.runAgent({ tools: [weather] });
  expect(agent.messages.at(-1)?.content).toBe('Rome.');
  model.next({ kind: 'answer', words: ['Welcome.'] });
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: 'Thanks' });
  await agent.runAgent({ tools: [weather] });
  expect(agent.messages.at(-1)?.content).toBe('Welcome.');
});

it('asks A2A’s clients as its card says, and takes back an error', async () => {
  const a2a = await connect(url, MODEL);
  const { capabilities } = await a2a.getAgentCard();
  expect(capabilities?.extensions.map(({ uri }) => uri)).toContain(EXTENSION);
  const offer = { tools: [{ name: 'weather', inputSchema: parameters }] };
  model.next({ kind: 'calls', calls: weatherIn('Rome') }, { kind: 'answer', words: ['I don’t know.'] });
  const asked = await send(a2a, 'Rome?', { metadata: { [EXTENSION]: offer } });
  expect(stateOf(asked)).toBe('INPUT_REQUIRED');
  const message = asked.status?.message;
  expect(message?.extensions).toEqual([EXTENSION]);
  const [, second] = message?.parts ?? [];
  const data = second?.content?.$case === 'data' ? second.content.value : {};
  expect(data).toMatchObject({ toolCalls: [{ name: 'weather', arguments: { city: 'Rome' } }] });
  const id = String(at(data, 'toolCalls', 0, 'id'));
  const refused = send(a2a, { toolResults: { other: { output: 1 } } }, { taskId: asked.id });
  await expect(refused).rejects.toThrow(/toolResults/);
  const done = await send(a2a, { toolResults: { [id]: { error: 'no network' } } }, { taskId: asked.id });
  expect(answerIn(done)).toBe('I don’t know.');
  expect(told()).toEqual(['no network']);
});

it('refuses what can’t be offered, and offers nothing where the agent takes nothing', async () => {
  const ask = (offered: readonly unknown[], more: object = {}, agent = MODEL) =>
    call('POST', `${url}/v1/chat/completions`, {
      body: { model: agent, messages: [user('Hi')], tools: offered, ...more },
    });
  const wrong: readonly (readonly [unknown, string])[] = [
    [{ type: 'web_search' }, 'tools[0].type'],
    [{ type: 'function', function: { name: 'no spaces' } }, 'tools[0].function.name'],
    [{ type: 'function', function: { name: 'a', parameters: { type: 'string' } } }, 'tools[0].function.parameters'],
  ];
  for (const [one, param] of wrong) {
    expect(await ask([one])).toMatchObject({ status: 400, body: { error: { param } } });
  }
  expect(await ask([tools[0], tools[0]])).toMatchObject({ status: 400, body: { error: { param: 'tools' } } });
  expect(await ask([], { functions: [{ name: 'a' }] })).toMatchObject({
    status: 400,
    body: { error: { param: 'functions' } },
  });
  const own = { type: 'function', function: { name: 'look_up' } };
  expect(await ask([own])).toMatchObject({ status: 400, body: { error: { code: 'task_rejected' } } });
  const offeredNow = (): unknown => model.requests.at(-1)?.tools?.map((one) => one.function.name);
  await ask(tools, { tool_choice: 'none' });
  expect(offeredNow()).toEqual(['look_up']);
  await ask(tools, {}, 'test/noter');
  expect(offeredNow()).toEqual(['note', 'sign']);
});
