/** Killed -9 while memories are drawn from a session, wherever that may be: each is there once, and nothing that was said is passed over. */
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import type { Reply } from '../support/model-reply.js';
import { startOpenAiServer, type ChatRequest, type OpenAiServer } from '../support/openai-server.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { quick } from '../support/two-instances.js';
import { until } from '../support/until.js';

const entry = new URL('../support/tools-server.mjs', import.meta.url).pathname;
const FACTS = ['I live in Lisbon.', 'I have a dog.', 'I like tea.'];

let openAi: OpenAiServer;
/** The messages that the model was shown to draw from, call by call. */
let drawnFrom: (readonly string[])[];
/** Whether the model says nothing when it is to draw. */
let isSilent: boolean;

beforeAll(async () => {
  openAi = await startOpenAiServer();
});

beforeEach(() => {
  drawnFrom = [];
  isSilent = false;
  openAi.otherwise((request) => (isToDraw(request) ? drawn(request) : { kind: 'answer', words: ['Yes.'] }));
});

function isToDraw({ messages }: ChatRequest): boolean {
  return JSON.stringify(messages).includes('You keep notes about a user');
}

/** Notes every message as it stands. */
function drawn({ messages }: ChatRequest): Reply {
  const asked = messages.at(-1)?.content;
  const text = typeof asked === 'string' ? asked : at(asked, 0, 'text');
  const question = JSON.parse(String(text)) as { readonly messages: readonly Said[] };
  drawnFrom.push(question.messages.map((said) => said.text));
  if (isSilent) return { kind: 'stall', words: ['{"notes":['] };
  const notes = question.messages.map(({ message, text: quote }) => ({
    message,
    quote,
    text: quote.replace('I', 'They'),
    kind: 'fact',
  }));
  return { kind: 'answer', words: [JSON.stringify({ notes })] };
}

interface Said {
  readonly message: number;
  readonly text: string;
}

function start(databaseUrl: string, more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return startServer({
    entry,
    env: {
      ...quick,
      DATABASE_URL: databaseUrl,
      CONTINUO_MODEL: 'openai-compatible/test-model',
      CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
      CONTINUO_MEMORY_DELAY_MS: '0',
      ...more,
    },
  });
}

const SESSION = 'a-session';

function say(url: string, text: string | undefined): Promise<unknown> {
  const body = { message: { parts: [{ text }], messageId: text }, sessionId: SESSION, wait: true };
  return call('POST', `${url}/agents/test/clerk/tasks`, { body });
}

async function memoriesOf(url: string): Promise<readonly string[]> {
  const { body } = await call('GET', `${url}/memories`);
  return (at(body, 'memories') as readonly { readonly text: string }[]).map(({ text }) => text).toSorted();
}

/** The next server finishes what was begun, and goes through what is said then, and that alone. */
async function goesOn(databaseUrl: string): Promise<void> {
  const server = await start(databaseUrl);
  const has = (most: number) => async (): Promise<boolean> => (await memoriesOf(server.url)).length >= most;
  await until(has(2), { what: 'both facts to be kept' });
  await until(
    async () => {
      const [row] = await runOn<{ open: boolean }>(
        databaseUrl,
        `SELECT EXISTS (SELECT FROM tasks WHERE agent = 'memory/keeper' AND state NOT IN ('COMPLETED', 'FAILED')) AS open`,
      );
      return row?.open === false;
    },
    { what: 'the drawing to have ended' },
  );
  await say(server.url, FACTS[2]);
  await until(has(3), { what: 'the third fact to be kept' });
  expect(await memoriesOf(server.url)).toEqual(['They have a dog.', 'They like tea.', 'They live in Lisbon.']);
  expect(drawnFrom.at(-1)).toEqual(FACTS.slice(2));
  const { body } = await call('GET', `${server.url}/memories`);
  expect(JSON.stringify(body)).toContain(FACTS[0]);
  await server.kill('SIGKILL');
}

it('while the model draws', async () => {
  const { url } = await createTestDatabase();
  const first = await start(url);
  isSilent = true;
  await say(first.url, FACTS[0]);
  await say(first.url, FACTS[1]);
  await until(() => drawnFrom.length > 0, { what: 'the model to be asked' });
  await first.kill('SIGKILL');
  isSilent = false;
  await goesOn(url);
});

it.each(Array.from({ length: 9 }, (_, n) => [`step-worked:${n+1}`],).concat(Array.from({ length: 9 }, (_, n) => [`step-recorded:${n+1}`]),[['task-ended:1'],['task-ended:2'],['task-ended:3'],['task-opened:2'],['task-opened:3']]))('at %s', async (place) => {
  const { url } = await createTestDatabase();
  const first = await start(url, { CONTINUO_CRASH_AT: place });
  const said = (async () => { await say(first.url, FACTS[0]); await say(first.url, FACTS[1]); })().catch((e) => { console.log(place, 'while saying', String(e)); });
  await said;
  const r = await Promise.race([first.exited, until(async () => (await memoriesOf(first.url)).length >= 2, { what: 'x' }).catch(e => String(e))]);
  console.log(place, JSON.stringify(r), JSON.stringify(drawnFrom), await runOn(url, "SELECT agent, state FROM tasks"), await runOn(url, "SELECT text FROM memories"));
  await first.kill('SIGKILL');
});
