/** OpenAI's own client, with its two ways to talk: chat completions and responses. */
import OpenAI from 'openai';
import { expect } from 'vitest';
import { losingItsInstance } from '../cut-off.js';
import { cutOffAt, dictation, installed, saidOverA2A, type DoorClient, type Instances } from './door-client.js';

type Messages = OpenAI.ChatCompletionMessageParam[];

const user = (content: string): OpenAI.ChatCompletionUserMessageParam => ({ role: 'user', content });

function connect(url: string, options: ConstructorParameters<typeof OpenAI>[0] = {}): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0, ...options });
}

async function findsAgents(client: OpenAI): Promise<void> {
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toContain('function/echo');
}

export async function openAiChat({ url }: Instances): Promise<DoorClient> {
  const client = connect(url);
  const ask = async (model: string, messages: Messages, headers: Readonly<Record<string, string>> = {}) => {
    const { choices } = await client.chat.completions.create({ model, messages }, { headers });
    return choices[0]?.message.content ?? '';
  };
  /** One user's message after the other, with all that was said before. */
  const conversation = async (model: string, texts: readonly string[]): Promise<readonly string[]> => {
    const messages: Messages = [];
    const answers: string[] = [];
    for (const text of texts) {
      messages.push(user(text));
      const answer = await ask(model, messages);
      messages.push({ role: 'assistant', content: answer });
      answers.push(answer);
    }
    return answers;
  };
  return {
    name: `${await installed('openai')}, chat completions`,
    scenarios: {
      find: () => findsAgents(client),
      send: async () => expect(await ask('function/echo', [user('hello')])).toBe('hello'),
      stream: async () => {
        const pieces: string[] = [];
        const chunks = await client.chat.completions.create({
          model: 'test/tells',
          messages: [user('Go')],
          stream: true,
        });
        for await (const { choices } of chunks) pieces.push(choices[0]?.delta.content ?? '');
        expect(pieces.filter((piece) => piece !== '')).toEqual(['0 ', '1 ', '2 ']);
      },
      memory: async () => {
        expect(await conversation('test/remembers', ['one', 'two'])).toEqual(['one', 'one, two']);
      },
      answer: async () => {
        const [, , answer] = await conversation('test/asks-twice', ['Go', 'Ada', 'blue']);
        expect(answer).toBe('Ada likes blue.');
      },
      'two doors': async () => {
        const session = crypto.randomUUID();
        await saidOverA2A(url, 'there', session);
        const answer = await ask('test/remembers', [user('here')], { 'X-Session-Id': session });
        expect(answer).toBe('there, here');
      },
      errors: async () => {
        await expect(ask('nobody/here', [user('hello')])).rejects.toMatchObject({ status: 404, param: 'model' });
        await expect(ask('test/throws-at-once', [user('Go')])).rejects.toMatchObject({ code: 'task_failed' });
      },
    },
  };
}

export async function openAiResponses({ url, other }: Instances): Promise<DoorClient> {
  const client = connect(url);
  const ask = (model: string, input: string, more: Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming> = {}) =>
    client.responses.create({ model, input, ...more });
  return {
    name: `${await installed('openai')}, responses`,
    scenarios: {
      find: () => findsAgents(client),
      send: async () => expect((await ask('function/echo', 'hello')).output_text).toBe('hello'),
      stream: async () => {
        const read = reading();
        await read.all(await client.responses.create({ model: 'test/tells', input: 'Go', stream: true }));
        expect(read.pieces).toEqual(['0 ', '1 ', '2 ']);
      },
      memory: async () => {
        const { id } = await ask('test/remembers', 'one');
        expect((await ask('test/remembers', 'two', { previous_response_id: id })).output_text).toBe('one, two');
      },
      answer: async () => {
        const first = await ask('test/asks-twice', 'Go');
        const second = await ask('test/asks-twice', 'Ada', { previous_response_id: first.id });
        const third = await ask('test/asks-twice', 'blue', { previous_response_id: second.id });
        expect(third.output_text).toBe('Ada likes blue.');
      },
      cancel: async () => {
        const { id } = await ask('test/endless-child', 'Go', { background: true });
        expect((await client.responses.cancel(id)).status).toBe('cancelled');
      },
      resume: async () => {
        const read = reading();
        const cut = connect(url, { fetch: losingItsInstance(cutOffAt, other) });
        const stream = await cut.responses.create({ model: 'test/dictates', input: dictation, stream: true });
        await expect(read.all(stream)).rejects.toThrow('The connection was lost.');
        await read.all(await cut.responses.retrieve(read.id, { stream: true, starting_after: read.last }));
        expect(read.pieces.join('').trim()).toBe(dictation);
      },
      'two doors': async () => {
        const session = crypto.randomUUID();
        await saidOverA2A(url, 'there', session);
        expect((await ask('test/remembers', 'here', { conversation: session })).output_text).toBe('there, here');
      },
      errors: async () => {
        await expect(ask('nobody/here', 'hello')).rejects.toMatchObject({ status: 404, param: 'model' });
        expect(await ask('test/throws-at-once', 'Go')).toMatchObject({
          status: 'failed',
          error: { code: 'server_error' },
        });
      },
    },
  };
}

/** What was seen of a response. */
function reading() {
  const read = {
    pieces: [] as string[],
    id: '',
    last: -1,
    all: async (stream: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>): Promise<void> => {
      for await (const event of stream) {
        read.last = event.sequence_number;
        if (event.type === 'response.created') read.id = event.response.id;
        if (event.type === 'response.output_text.delta') read.pieces.push(event.delta);
      }
    },
  };
  return read;
}
