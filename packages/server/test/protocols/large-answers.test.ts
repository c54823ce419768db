/** Answers that are larger than one answer carries, through the doors beside A2A: cut, with the address of the whole. */
import 'reflect-metadata';
import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type AgentAnswer, type TaskContext } from '../../src/index.js';
import { startNestServer } from '../support/nest-server.js';

const MOST = 100_000;
const long = 'äöü €𝄞 x'.repeat(20_000);

@A2AAgent({ type: 'test', name: 'writes', description: 'Writes much.' })
class WritesAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    if (task.text === 'data') return [{ data: { letters: long } }];
    if (task.text === 'document') await task.artifact({ name: 'report.md', parts: [{ text: long }] });
    if (task.text === 'text') {
      const stream = task.stream({ artifactId: 'story', name: 'answer' });
      for (let at = 0; at < long.length; at += 7_000) await stream.write(long.slice(at, at + 7_000));
      await stream.end();
      await task.artifact({ artifactId: 'more', name: 'answer', parts: [{ text: 'And more.' }] });
    }
    return undefined;
  }
}

let url: string;
let client: OpenAI;

beforeAll(async () => {
  ({ url } = await startNestServer([WritesAgent], { CONTINUO_ANSWER_BYTES: String(MOST) }));
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' });
});

const chatOf = (content: string) => ({ model: 'test/writes', messages: [{ role: 'user' as const, content }] });

/** What the links in the text lead to. */
async function linked(text: string): Promise<readonly string[]> {
  const addresses = [...text.matchAll(/\]\(<([^>]+)>\)/g)].map(([, address = '']) => address);
  return Promise.all(addresses.map(async (address) => (await fetch(address)).text()));
}

describe('text', () => {
  it('is cut in a chat completion, which says so, and where the rest is', async () => {
    const { choices } = await client.chat.completions.create(chatOf('text'));
    const content = choices[0]?.message.content ?? '';
    expect(choices[0]?.finish_reason).toBe('length');
    const [said = ''] = content.split('…\n\n');
    expect(long.startsWith(said)).toBe(true);
    expect(Buffer.byteLength(said)).toBeGreaterThan(MOST - 20);
    expect(Buffer.byteLength(said)).toBeLessThan(MOST);
    expect(await linked(content)).toEqual([long, 'And more.']);
  });

  it('comes as a whole in a stream of chat completions', async () => {
    const stream = await client.chat.completions.create({ ...chatOf('text'), stream: true });
    let text = '';
    let finish: string | null | undefined;
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? '';
      finish = choices[0]?.finish_reason ?? finish;
    }
    expect(text).toBe(`${long}\n\nAnd more.`);
    expect(finish).toBe('stop');
  });

  it('is cut in a response, which is incomplete then, and in its stream', async () => {
    const response = await client.responses.create({ model: 'test/writes', input: 'text' });
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(response.output[0]).toMatchObject({ status: 'incomplete' });
    expect(Buffer.byteLength(response.output_text)).toBeLessThan(MOST + 1_000);
    expect(await linked(response.output_text)).toEqual([long, 'And more.']);
    const stream = await client.responses.retrieve(response.id, { stream: true });
    let last;
    for await (const event of stream) last = event;
    expect(last).toMatchObject({ type: 'response.incomplete', response: { output: response.output } });
  });
});

it.each(['document', 'data'])('a %s that is the answer is linked', async (what) => {
  const { choices } = await client.chat.completions.create(chatOf(what));
  const content = choices[0]?.message.content ?? '';
  expect(choices[0]?.finish_reason).toBe('stop');
  expect(await linked(content)).toEqual([what === 'data' ? JSON.stringify({ letters: long }) : long]);
  const stream = await client.chat.completions.create({ ...chatOf(what), stream: true });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  expect(await linked(text)).toEqual(await linked(content));
  const { status, output } = await client.responses.create({ model: 'test/writes', input: what });
  expect([status, output.length]).toEqual(['completed', 1]);
});

it.each([
  [
    '/ag-ui/test/writes',
    { threadId: 't', runId: 'r', messages: [{ id: 'm', role: 'user', content: 'data' }] },
    'RUN_FINISHED',
  ],
  [
    '/ai-sdk/test/writes',
    { id: 'c', messages: [{ id: 'm', role: 'user', parts: [{ type: 'text', text: 'data' }] }] },
    'finish',
  ],
])('the stream of %s comes to its end when data is the answer', async (path, body, end) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  expect(text).toContain(JSON.stringify(long).slice(1, -1));
  expect(text).toContain(`"type":"${end}"`);
});
