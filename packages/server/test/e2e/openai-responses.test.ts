/** Agents behind OpenAI's responses, by OpenAI's own client: sessions, background, resumption, and instances that die. */
import OpenAI from 'openai';
import type { Response as OpenAiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { beforeAll, expect, it } from 'vitest';
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
let client: OpenAI;
let model: OpenAiServer;

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  model = await startOpenAiServer();
  ({ url } = await startServer({
    entry,
    env: { DATABASE_URL: databaseUrl, ...soon, ...openAiEntries(model.baseUrl) },
  }));
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' });
});

async function all(stream: AsyncIterable<ResponseStreamEvent>): Promise<readonly ResponseStreamEvent[]> {
  const seen: ResponseStreamEvent[] = [];
  for await (const event of stream) seen.push(event);
  return seen;
}

const typesOf = (events: readonly ResponseStreamEvent[]): readonly string[] => events.map(({ type }) => type);

function ended(id: string): Promise<OpenAiResponse> {
  return until(
    async () => {
      const response = await client.responses.retrieve(id);
      return response.status !== 'in_progress' && response;
    },
    { what: 'the response to be over' },
  );
}

it('answers, and remembers by the response before', async () => {
  model.next({ kind: 'answer', words: ['Hello Ada.'] }, { kind: 'answer', words: ['You are Ada.'] });
  const first = await client.responses.create({ model: 'context/assistant', input: 'I am Ada.' });
  expect(first).toMatchObject({ object: 'response', status: 'completed', model: 'context/assistant', error: null });
  expect(first.output_text).toBe('Hello Ada.');
  expect(first.usage?.total_tokens).toBeGreaterThan(0);
  const second = await client.responses.create({
    model: 'context/assistant',
    input: [{ role: 'user', content: [{ type: 'input_text', text: 'Who am I?' }] }],
    previous_response_id: first.id,
  });
  expect(second.output_text).toBe('You are Ada.');
  const prompt = (model.requests.at(-1)?.messages ?? []).filter(({ role }) => role !== 'system');
  expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
});

it('streams its events by their numbers, and gives all of them or the rest again', async () => {
  model.next({ kind: 'answer', words: ['One, ', 'two, ', 'three.'] });
  const events = await all(await client.responses.create({ model: 'context/assistant', input: 'Count', stream: true }));
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
  expect(typesOf(events).filter((type) => !type.endsWith('.delta'))).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  const [created] = events;
  const id = created?.type === 'response.created' ? created.response.id : '';
  for (const after of [undefined, 0, 4, events.length - 2]) {
    const place = after === undefined ? {} : { starting_after: after };
    const again = await all(await client.responses.retrieve(id, { stream: true, ...place }));
    expect(again).toEqual(events.slice(after === undefined ? 0 : after + 1));
  }
  expect((await client.responses.retrieve(id)).output_text).toBe('One, two, three.');
});

it('works in the background, and is cancelled', async () => {
  const background = await client.responses.create({ model: 'function/echo', input: 'Later', background: true });
  expect(await ended(background.id)).toMatchObject({ status: 'completed', output_text: 'Later' });
  const endless = await client.responses.create({ model: 'test/endless-child', input: 'Go', background: true });
  expect(endless.status).toBe('in_progress');
  expect(await client.responses.cancel(endless.id)).toMatchObject({ id: endless.id, status: 'cancelled' });
  expect(await client.responses.cancel(endless.id)).toMatchObject({ status: 'cancelled' });
});

it('says of a response what its request said, whenever it is asked', async () => {
  const metadata = { order: '7' };
  const first = await client.responses.create({ model: 'test/asks-twice', input: 'Go', background: true, metadata });
  expect(first).toMatchObject({ background: true, metadata, store: true, previous_response_id: null });
  expect(await ended(first.id)).toMatchObject({ background: true, metadata, output_text: 'What is your name?' });
  const second = await client.responses.create({
    model: 'test/asks-twice',
    input: 'Ada',
    previous_response_id: first.id,
    max_output_tokens: 2,
  });
  const cut = {
    background: false,
    metadata: {},
    previous_response_id: first.id,
    max_output_tokens: 2,
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
  };
  expect(second).toMatchObject({ ...cut, output_text: 'Which co' });
  expect(await client.responses.retrieve(second.id)).toMatchObject({ ...cut, output_text: 'Which co' });
  const events = await all(await client.responses.retrieve(second.id, { stream: true }));
  expect(events.at(-1)).toMatchObject({ type: 'response.incomplete', response: cut });
});

it('what is not to be stored is not there to be retrieved, cancelled or gone on behind', async () => {
  const response = await client.responses.create({ model: 'function/echo', input: 'Hi', store: false });
  expect(response).toMatchObject({ store: false, output_text: 'Hi' });
  const missing = { status: 404, param: 'response_id' };
  await expect(client.responses.retrieve(response.id)).rejects.toMatchObject(missing);
  await expect(client.responses.cancel(response.id)).rejects.toMatchObject(missing);
  const next = client.responses.create({ model: 'function/echo', input: 'And?', previous_response_id: response.id });
  await expect(next).rejects.toMatchObject({ status: 404, param: 'previous_response_id' });
});

it('asks, and each turn of the task is a response of its own', async () => {
  const first = await client.responses.create({ model: 'test/asks-twice', input: 'Go' });
  expect(first.output_text).toBe('What is your name?');
  const second = await client.responses.create({
    model: 'test/asks-twice',
    input: 'Ada',
    previous_response_id: first.id,
  });
  expect(second.output_text).toBe('Which colour do you like, Ada?');
  const third = await client.responses.create({
    model: 'test/asks-twice',
    input: 'Blue',
    previous_response_id: second.id,
  });
  expect(third.output_text).toBe('Ada likes Blue.');
  for (const response of [first, second, third]) {
    expect((await client.responses.retrieve(response.id)).output_text).toBe(response.output_text);
  }
});

it('goes on where it was when its instance was killed in mid-stream, on another one', async () => {
  const env = { DATABASE_URL: databaseUrl, ...soon, ...openAiEntries(model.baseUrl) };
  const doomed = await startServer({ entry, env });
  const there = new OpenAI({ baseURL: `${doomed.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const words = Array.from({ length: 40 }, (_word, index) => `word ${index}, `);
  model.next({ kind: 'stall', words: words.slice(0, 20) }, { kind: 'answer', words });
  const seen: ResponseStreamEvent[] = [];
  const read = async (): Promise<void> => {
    const stream = await there.responses.create({ model: 'context/assistant', input: 'Tell', stream: true });
    for await (const event of stream) {
      seen.push(event);
      if (event.type === 'response.output_text.delta') await doomed.kill('SIGKILL');
    }
  };
  await read().catch(() => undefined);
  const [created] = seen;
  const id = created?.type === 'response.created' ? created.response.id : '';
  const rest = await all(
    await client.responses.retrieve(id, { stream: true, starting_after: seen.at(-1)?.sequence_number ?? -1 }),
  );
  const events = [...seen, ...rest];
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
  const texts = events.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []));
  expect(texts.join('')).toBe(words.join(''));
  expect((await client.responses.retrieve(id)).output_text).toBe(words.join(''));
});

it('says that a task has failed, in whole answers and in streams', async () => {
  const failed = await client.responses.create({ model: 'test/throws-at-once', input: 'Go' });
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  expect(failed.error?.message).toContain('There is nothing to do here.');
  const events = await all(await client.responses.create({ model: 'test/throws-at-once', input: 'Go', stream: true }));
  expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'failed' } });
});

it('names what is wrong in a request, and changes nothing', async () => {
  const count = async (): Promise<unknown> => await (await fetch(`${url}/tasks/counts`)).json();
  const before = await count();
  const wrong: readonly (readonly [object, string, number])[] = [
    [{ model: 'nobody/here' }, 'model', 404],
    [{ input: [] }, 'input', 400],
    [{ input: ' ' }, 'input', 400],
    [{ input: [{ role: 'user', content: [{ type: 'input_image' }] }] }, 'input[0].content[0].image_url', 400],
    [{ previous_response_id: 'resp_1' }, 'previous_response_id', 404],
    [{ previous_response_id: `resp_${'0'.repeat(32)}` }, 'previous_response_id', 404],
    [{ text: { format: { type: 'json_object' } } }, 'text.format.type', 400],
    [{ tool_choice: 'required' }, 'tool_choice', 400],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt', 400],
    [{ include: ['message.output_text.logprobs'] }, 'include[0]', 400],
    [{ top_logprobs: 3 }, 'top_logprobs', 400],
    [{ max_output_tokens: 0 }, 'max_output_tokens', 400],
    [{ store: 'no' }, 'store', 400],
    [{ store: false, background: true }, 'store', 400],
    [{ metadata: { name: '\0' } }, 'metadata.name', 400],
  ];
  for (const [change, param, status] of wrong) {
    const response = await fetch(`${url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'function/echo', input: 'Hi', ...change }),
    });
    expect(await response.json()).toMatchObject({ error: { param } });
    expect(response.status).toBe(status);
  }
  expect(await count()).toEqual(before);
  await expect(client.responses.retrieve('resp_1')).rejects.toMatchObject({ status: 404, param: 'response_id' });
  const nothing = { status: 404, type: 'not_found_error', code: 'route_not_found' };
  await expect(client.responses.delete('resp_1')).rejects.toMatchObject(nothing);
  await expect(client.responses.inputItems.list('resp_1')).rejects.toMatchObject(nothing);
  const misplaced = await fetch(`${url}/v1/responses/resp_1?starting_after=3`);
  expect(await misplaced.json()).toMatchObject({ error: { param: 'starting_after' } });
});

it('shows nobody a response of another owner’s, or of an agent that the key is not for', async () => {
  const { url: database } = await createTestDatabase();
  const server = await startServer({ entry, env: { DATABASE_URL: database, CONTINUO_AUTH: 'keys' } });
  const by = async (...options: readonly string[]): Promise<OpenAI> =>
    new OpenAI({ baseURL: `${server.url}/v1`, apiKey: await newKey(database, ...options), maxRetries: 0 });
  const ada = await by('--owner', 'ada');
  const bob = await by('--owner', 'bob');
  const adaEchoes = await by('--owner', 'ada', '--agents', 'function/echo');
  const { id } = await ada.responses.create({ model: 'test/asks-twice', input: 'Go' });
  for (const stranger of [bob, adaEchoes]) {
    await expect(stranger.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(stranger.responses.cancel(id)).rejects.toMatchObject({ status: 404 });
    const goOn = stranger.responses.create({ model: 'function/echo', input: 'Ada', previous_response_id: id });
    await expect(goOn).rejects.toMatchObject({ status: 404 });
  }
  await expect(adaEchoes.responses.create({ model: 'test/asks-twice', input: 'Go' })).rejects.toMatchObject({
    status: 403,
  });
  expect((await adaEchoes.responses.create({ model: 'function/echo', input: 'Hi' })).output_text).toBe('Hi');
});
