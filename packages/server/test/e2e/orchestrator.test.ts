/** A conversation that begins with the orchestrator and goes on with the agents that it chose: what everybody knows. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { completedTask } from '../support/completed-task.js';
import { answerIn, connect, conversation, send, stateOf, textOf } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { startOpenAiServer, type OpenAiServer } from '../support/openai-server.js';
import { afterThisTest } from '../support/outcome.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { makeTestDirectory } from '../support/test-directory.js';

const poet = ['---', 'description: Writes poems.', 'skills: [Poems]', '---', 'You write poems.'];
const DELEGATION = 'urn:continuo:a2a:delegation:v1';

interface Said {
  readonly role: string;
  readonly parts: readonly { readonly text?: string }[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The built server, with a poet beside its own agents. */
async function startWithPoet(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const directory = await makeTestDirectory('declared');
  afterThisTest(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, 'agents'));
  await writeFile(join(directory, 'agents', 'poet.md'), poet.join('\n'));
  const { url: DATABASE_URL } = await createTestDatabase();
  return startServer({
    env: { DATABASE_URL, CONTINUO_AGENTS_DIR: join(directory, 'agents'), CONTINUO_LOG_LEVEL: 'error', ...env },
  });
}

/** What is in the conversation: who said it, why it was their turn, and what. */
async function session(url: string, id: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/sessions/${id}/messages`);
  const { messages } = (await response.json()) as { readonly messages: readonly { readonly message: Said }[] };
  return messages.map(({ message: { role, parts, metadata = {} } }) => {
    const chosen = metadata[DELEGATION] as { readonly by: string; readonly reason: string } | undefined;
    const why = chosen === undefined ? '' : ` (${chosen.by}: ${chosen.reason})`;
    const who = role === 'ROLE_USER' ? 'user' : `${String(metadata['agent'])}${why}`;
    return `${who}: ${parts.map(({ text }) => text).join('|')}`;
  });
}

describe('with a language model', () => {
  let openAi: OpenAiServer;
  let url = '';

  beforeAll(async () => {
    openAi = await startOpenAiServer();
    const model = { CONTINUO_MODEL: 'openai-compatible/test-model', CONTINUO_MODEL_BASE_URL: openAi.baseUrl };
    ({ url } = await startWithPoet(model));
  });

  /** What the model is told to choose. */
  function delegate(...to: readonly { readonly agent: string; readonly reason: string; readonly request?: string }[]) {
    return { kind: 'calls', calls: [{ name: 'delegate', input: { to } }] } as const;
  }

  /** What the model was shown at the n-th call from the end, without the system prompt. */
  function prompt(fromTheEnd = 1): readonly unknown[] {
    const { messages = [] } = openAi.requests.at(-fromTheEnd) ?? {};
    return messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
  }

  it('the chosen agent is talked to directly, and knows what was said, once', async () => {
    const asked = openAi.requests.length;
    openAi.next(delegate({ agent: 'context/poet', reason: 'It writes poems.' }), {
      kind: 'answer',
      words: ['Roses are ', 'red.'],
    });
    const first = await send(await connect(url, 'orchestrator/default'), 'A poem for Ada, please.');
    expect(stateOf(first)).toBe('COMPLETED');
    expect(conversation(first)).toEqual(['user: A poem for Ada, please.']);
    expect(answerIn(first)).toBe('Roses are red.');
    expect(first.artifacts.map(({ metadata }) => metadata)).toEqual([
      expect.objectContaining({ agent: 'context/poet', reason: 'It writes poems.' }),
    ]);

    openAi.next({ kind: 'answer', words: ['For Ada.'] });
    const { contextId } = first;
    const second = await send(await connect(url, 'context/poet'), 'Who was it for?', { contextId });
    expect(answerIn(second)).toBe('For Ada.');
    expect(prompt()).toEqual(['A poem for Ada, please.', 'Roses are red.', 'Who was it for?']);
    expect(openAi.requests).toHaveLength(asked + 3);
    expect(await session(url, contextId)).toEqual([
      'user: A poem for Ada, please.',
      'context/poet (orchestrator/default: It writes poems.): Roses are red.',
      'user: Who was it for?',
      'context/poet: For Ada.',
    ]);

    openAi.next(delegate({ agent: 'context/assistant', reason: 'Small talk.' }));
    await send(await connect(url, 'orchestrator/default'), 'Thank you.', { contextId });
    const said = ['A poem for Ada, please.', 'Roses are red.', 'Who was it for?', 'For Ada.', 'Thank you.'];
    expect([prompt(2), prompt(1)]).toEqual([said, said]);
  });

  it('is shown the agents that it may choose, and no orchestrator', async () => {
    openAi.next(delegate({ agent: 'context/assistant', reason: 'Small talk.' }));
    await send(await connect(url, 'orchestrator/default'), 'Hello.');
    const { messages = [], tools = [] } = openAi.requests.at(-2) ?? {};
    expect(messages[0]?.content).toContain('- context/poet: Writes poems.');
    expect(messages[0]?.content).not.toContain('orchestrator/default');
    expect(tools.map((tool) => tool.function.name)).toEqual(['delegate', 'ask']);
    expect(JSON.stringify(tools)).toContain(
      '"enum":["function/echo","function/countdown","context/assistant","context/poet"]',
    );
  });

  it('a message is split, each agent gets its part, and the answers come together', async () => {
    openAi.next(
      delegate(
        { agent: 'function/echo', reason: 'It repeats.', request: 'Hi' },
        { agent: 'context/poet', reason: 'It writes.', request: 'A poem' },
      ),
      { kind: 'answer', words: ['Violets are blue.'] },
    );
    const task = await send(await connect(url, 'orchestrator/default'), 'Repeat "Hi" and write a poem.');
    expect(task.artifacts.map(({ parts }) => textOf(parts))).toEqual(['Hi', 'Violets are blue.']);
    expect(task.status?.message).toBeUndefined();
    expect(task.artifacts.map(({ metadata }) => metadata?.['agent'])).toEqual(['function/echo', 'context/poet']);
    const [said, ...answers] = await session(url, task.contextId);
    expect(said).toBe('user: Repeat "Hi" and write a poem.');
    expect(answers.toSorted()).toEqual([
      'context/poet (orchestrator/default: It writes.): Violets are blue.',
      'function/echo (orchestrator/default: It repeats.): Hi',
    ]);
  });

  it('asks back when the model is unsure, and passes on what was answered', async () => {
    const client = await connect(url, 'orchestrator/default');
    openAi.next({ kind: 'calls', calls: [{ name: 'ask', input: { question: 'For whom?' } }] });
    const asking = await send(client, 'Write something.');
    expect([stateOf(asking), textOf(asking.status?.message?.parts)]).toEqual(['INPUT_REQUIRED', 'For whom?']);

    openAi.next(delegate({ agent: 'context/poet', reason: 'A gift.' }), { kind: 'answer', words: ['Dear Bob.'] });
    const task = await send(client, 'For Bob, a poem.', { taskId: asking.id, contextId: asking.contextId });
    expect(answerIn(task)).toBe('Dear Bob.');
    expect(prompt(2)).toEqual(['Write something.', 'For whom?', 'For Bob, a poem.']);
    expect(JSON.stringify(prompt(1).at(-1))).toContain('For Bob, a poem.');
    expect(await session(url, task.contextId)).toEqual([
      'user: Write something.',
      'orchestrator/default: For whom?',
      'user: For Bob, a poem.',
      'context/poet (orchestrator/default: A gift.): Dear Bob.',
    ]);
  });

  it('an agent that the message names is asked without asking the model', async () => {
    const asked = openAi.requests.length;
    const task = await send(await connect(url, 'orchestrator/default'), 'function/echo: hello');
    expect(answerIn(task)).toBe('function/echo: hello');
    expect(openAi.requests).toHaveLength(asked);
  });

  const overloaded = { kind: 'refusal', status: 503 } as const;

  it.each([
    ['refuses', [{ kind: 'refusal', status: 401 }], 'language model'],
    ['stays overloaded', [overloaded, overloaded, overloaded], 'language model'],
    ['chooses nobody', [{ kind: 'answer', words: ['Let me see.'] }], 'its card matches'],
    ['chooses somebody who is not there', [delegate({ agent: 'context/nobody', reason: '…' })], 'its card matches'],
  ] as const)('the cards decide when the model %s', async (_what, replies, reason) => {
    openAi.next(...replies);
    const task = await send(await connect(url, 'orchestrator/default'), 'Echo this.');
    expect(answerIn(task)).toBe('Echo this.');
    expect(task.artifacts[0]?.metadata).toMatchObject({
      agent: 'function/echo',
      reason: expect.stringContaining(reason) as string,
    });
  });
});

it('a choice is made once, also when the server is killed right after it', async () => {
  const openAi = await startOpenAiServer();
  const server = await startWithPoet({
    CONTINUO_CRASH_AT: 'child-opened:1',
    CONTINUO_MODEL: 'openai-compatible/test-model',
    CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
    ...soon,
  });
  const to = [{ agent: 'function/echo', reason: 'It repeats.' }];
  openAi.next({ kind: 'calls', calls: [{ name: 'delegate', input: { to } }] });
  const client = await connect(server.url, 'orchestrator/default');
  const contextId = randomUUID();
  // Nobody answers when the server is gone.
  const sent = send(client, 'Say hello.', { contextId }).catch(() => undefined);
  await server.exited;
  await sent;
  const { CONTINUO_CRASH_AT: _, ...env } = server.env;
  const { url } = await startServer({ env });
  const { tasks } = (await (await fetch(`${url}/tasks?sessionId=${contextId}`)).json()) as { tasks: { id: string }[] };
  for (const { id } of tasks) await completedTask(url, id);
  expect(tasks).toHaveLength(2);
  expect(openAi.requests).toHaveLength(1);
  expect(await session(url, contextId)).toEqual([
    'user: Say hello.',
    'function/echo (orchestrator/default: It repeats.): Say hello.',
  ]);
});

describe('without a language model', () => {
  let url = '';

  beforeAll(async () => {
    ({ url } = await startWithPoet({}));
  });

  it('the chosen agent is talked to directly, and knows what was said, once', async () => {
    const first = await send(await connect(url, 'orchestrator/default'), 'A poem for Ada, please.');
    expect(answerIn(first)).toContain('You say now: A poem for Ada, please.');
    expect(first.artifacts[0]?.metadata).toMatchObject({ agent: 'context/poet' });

    const { contextId } = first;
    const second = await send(await connect(url, 'context/poet'), 'Who was it for?', { contextId });
    expect(answerIn(second)).toContain('You said earlier:\n1. A poem for Ada, please.\n\nYou say now: Who was it for?');
    const said = await session(url, contextId);
    expect(said.map((line) => line.split(':')[0])).toEqual([
      'user',
      'context/poet (orchestrator/default',
      'user',
      'context/poet',
    ]);
    expect(said[1]).toContain('its card matches "poem"');
  });

  it('several agents that a message addresses answer together', async () => {
    const text = 'function/echo: one.\ncontext/poet: two.';
    const task = await send(await connect(url, 'orchestrator/default'), text);
    const answers = task.artifacts.map(({ metadata, parts }) => [metadata?.['agent'], textOf(parts)]);
    expect(answers).toEqual([
      ['function/echo', 'function/echo: one.'],
      ['context/poet', expect.stringContaining('You say now: context/poet: two.')],
    ]);
  });
});
