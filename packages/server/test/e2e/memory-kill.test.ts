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

/** Notes every fact as it stands. */
function drawn({ messages }: ChatRequest): Reply {
  const asked = messages.at(-1)?.content;
  const written = typeof asked === 'string' ? asked : at(asked, 0, 'text');
  const question = JSON.parse(String(written)) as { readonly messages: readonly Said[] };
  drawnFrom.push(question.messages.map((said) => said.text));
  if (isSilent) return { kind: 'stall', words: ['{"notes":['] };
  const notes = question.messages.flatMap(({ message, text }) =>
    FACTS.filter((fact) => text.includes(fact)).map((quote) => ({
      message,
      quote,
      text: quote.replace('I', 'They'),
      kind: 'fact',
    })),
  );
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
  const body = { message: { parts: [{ text }], contextId: SESSION }, wait: true };
  return call('POST', `${url}/agents/test/clerk/tasks`, { body });
}

async function memoriesOf(url: string): Promise<readonly string[]> {
  const { body } = await call('GET', `${url}/memories`);
  return (at(body, 'memories') as readonly { readonly text: string }[]).map(({ text }) => text).toSorted();
}

const ONCE = {
  kept: ['They have a dog.', 'They like tea.', 'They live in Lisbon.'],
  drawnLastFrom: FACTS.slice(2),
};

/** The next server finishes what was begun, and goes through what is said then, and that alone. */
async function outcomeOf(databaseUrl: string): Promise<unknown> {
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
  return { kept: await memoriesOf(server.url), drawnLastFrom: drawnFrom.at(-1) };
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
  expect(await outcomeOf(url)).toEqual(ONCE);
});

/** The steps are the turn's one, and those of the task that draws: to look what is new, to draw, and to keep. */
it.each([
  ['what is new was looked for, and that is not stored', 'step-worked:2'],
  ['the model has drawn, and that is not stored', 'step-worked:3'],
  ['all is kept, and the task does not know', 'step-worked:4'],
  ['the task that draws has ended', 'task-ended:2'],
])('when %s', async (_, place) => {
  const { url } = await createTestDatabase();
  const first = await start(url, { CONTINUO_CRASH_AT: place });
  // The turn may end before the process does.
  await say(first.url, `${FACTS[0]} ${FACTS[1]}`).catch(() => undefined);
  await first.exited;
  expect(await outcomeOf(url)).toEqual(ONCE);
});
