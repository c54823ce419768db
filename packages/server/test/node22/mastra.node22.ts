/** Agents of Mastra on Node.js 22: calls of models and tools are not repeated after a crash, people are asked, answers are streamed. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { root } from '../../../../scripts/prepare.mjs';
import { answerIn, connect, send, stateOf } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import type { Reply } from '../support/model-reply.js';
import { makeNotesFile } from '../support/noted-steps.js';
import { startOpenAiServer, type ChatRequest, type OpenAiServer } from '../support/openai-server.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const folder = join(root, 'compatibility/node22');
/** What another instance takes over soon. */
const quick = { CONTINUO_LEASE_MS: '3000', CONTINUO_HEARTBEAT_MS: '500', CONTINUO_SWEEP_MS: '200' };
/** The instances have different numbers of connections: by that their tools tell them apart. */
const DOOMED = '5';
const LASTING = '6';
let env: Readonly<Record<string, string>>;
let url: string;
let model: OpenAiServer;
let notes: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  model = await startOpenAiServer();
  model.otherwise(clerk);
  notes = await makeNotesFile();
  env = { DATABASE_URL: databaseUrl, MODEL_URL: model.baseUrl, NOTES: notes, MASTRA_TELEMETRY_DISABLED: '1', ...quick };
  ({ url } = await start(LASTING));
});

function start(pool: string): Promise<ServerProcess> {
  return startServer({
    entry: join(folder, 'mastra-server.mjs'),
    node: join(folder, 'node_modules/node/bin/node'),
    env: { ...env, CONTINUO_DATABASE_POOL: pool },
  });
}

/** What the model of an order clerk says, by what it was told so far. */
function clerk({ messages }: ChatRequest): Reply {
  const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
  const wish = String(messages.findLast(({ role }) => role === 'user')?.content);
  const order = /\d+/.exec(wish)?.[0] ?? '';
  const call = (name: string, more: object = {}): Reply => {
    return {
      kind: 'calls',
      words: results.length === 0 ? ['Let me see. '] : [],
      calls: [{ id: `call_of_${results.length}`, name, input: { order, ...more } }],
    };
  };
  if (wish.includes('before')) {
    return { kind: 'answer', words: [`You wrote ${messages.filter(({ role }) => role === 'user').length} times.`] };
  }
  if (results.length === 0) return call('look_up');
  if (results.length === 1 && wish.includes('Crash')) return call('look_up', { waitIn: DOOMED });
  if (results.length === 1 && wish.includes('Refund')) return call('refund');
  if (results.length === 1 && wish.includes('Sign')) return call('sign');
  return { kind: 'answer', words: ['It is: ', results.at(-1) ?? '', '.'] };
}

async function noted(order: string): Promise<readonly string[]> {
  const text = await readFile(notes, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line.endsWith(` ${order}`) ? [line.split(' ')[0] ?? ''] : []));
}

it('streams its answer, keeps calls as steps, remembers its session, and counts tokens', async () => {
  const client = await connect(url, 'test/runner');
  const first = await send(client, 'Where is order 7?');
  expect(answerIn(first)).toBe('Let me see. It is: order 7 is on its way.');
  expect(first.metadata?.['urn:continuo:a2a:usage:v1']).toMatchObject({ calls: 2, totalTokens: expect.any(Number) });
  const steps = (await (await fetch(`${url}/tasks/${first.id}/steps`)).json()) as { steps: { name: string }[] };
  expect(steps.steps.map(({ name }) => name)).toEqual(['model', 'tool look_up', 'model']);
  const second = await send(client, 'What did I ask before?', { contextId: first.contextId });
  expect(answerIn(second)).toBe('You wrote 2 times.');
});

it('goes on at another instance when its own is killed in a tool, and repeats no call that had finished', async () => {
  const doomed = await start(DOOMED);
  const asked = model.requests.length;
  const client = await connect(doomed.url, 'test/runner');
  const begun = await send(client, 'Crash with order 8', { returnImmediately: true });
  await until(async () => (await noted('8')).length === 2, { what: 'the second call of the tool to begin' });
  await doomed.kill('SIGKILL');
  const lasting = await connect(url, 'test/runner');
  const task = await until(
    async () => {
      const now = await lasting.getTask({ tenant: '', id: begun.id, historyLength: 0 });
      return stateOf(now) === 'COMPLETED' && now;
    },
    { what: 'the task to complete' },
  );
  expect(answerIn(task)).toBe('Let me see. It is: order 8 is on its way.');
  // The call that was under way is made again; neither the first one is, nor a question to the model.
  expect(await noted('8')).toEqual(['look_up', 'look_up', 'look_up']);
  expect(model.requests.length - asked).toBe(3);
});

it('asks a person before a tool that needs approval, and tells the model of a refusal', async () => {
  const client = await connect(url, 'test/clerk');
  for (const [order, answer, said, ran] of [
    ['20', 'yes', 'order 20 was refunded', ['look_up', 'refund']],
    ['21', 'Not today.', 'Not today.', ['look_up']],
  ] as const) {
    const asked = await send(client, `Refund ${order}`);
    expect(stateOf(asked)).toBe('INPUT_REQUIRED');
    const before = model.requests.length;
    const task = await send(client, answer, { taskId: asked.id });
    expect(answerIn(task)).toContain(said);
    expect(await noted(order)).toEqual(ran);
    expect(model.requests.length - before).toBe(1);
  }
});

it('asks what a tool suspends with, checks the answer, and resumes the tool with it', async () => {
  const client = await connect(url, 'test/clerk');
  const asked = await send(client, 'Sign order 30');
  expect(stateOf(asked)).toBe('INPUT_REQUIRED');
  expect(asked.status?.message?.parts[0]?.content).toMatchObject({ $case: 'data', value: { order: '30' } });
  await expect(send(client, { nobody: 1 }, { taskId: asked.id })).rejects.toThrow(/name/);
  const task = await send(client, { name: 'Ada' }, { taskId: asked.id });
  expect(answerIn(task)).toContain('signed by Ada');
  expect(await noted('30')).toEqual(['look_up', 'sign', 'sign']);
});

it('answers with data where its output is structured', async () => {
  model.next({ kind: 'answer', words: ['{"order":"7",', '"late":true}'] });
  const task = await send(await connect(url, 'test/reporter'), 'Report on 7');
  expect(task.artifacts[0]?.parts[0]?.content).toMatchObject({ $case: 'data', value: { order: '7', late: true } });
});

it('fails with what its model said', async () => {
  model.next({ kind: 'refusal', status: 401, message: 'The key is wrong.' });
  const task = await send(await connect(url, 'test/runner'), 'Where is order 7?');
  expect(stateOf(task)).toBe('FAILED');
  expect(JSON.stringify(task.status)).toContain('refused the key');
});
