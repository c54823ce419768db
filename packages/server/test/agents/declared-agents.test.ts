/** Agents that are Markdown files: what becomes of good ones, and what is said about bad ones. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { declaredAgents } from '../../src/agents/declared/declared-agents.js';
import { AssistantAgent } from '../../src/agents/builtin/assistant-agent.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';
import { startOpenAiServer } from '../support/openai-server.js';
import { afterThisTest } from '../support/outcome.js';
import { makeTestDirectory } from '../support/test-directory.js';

const mcpServer = new URL('../support/mcp-server.mjs', import.meta.url).pathname;
const noModel = { model: undefined, modelBaseUrl: undefined, modelApiKey: undefined, mcpServers: {} };
let directory = '';

beforeEach(async () => {
  const parent = await makeTestDirectory('agents');
  afterThisTest(() => rm(parent, { recursive: true, force: true }));
  directory = join(parent, 'agents');
  await mkdir(directory);
});

function declare(file: string, ...lines: readonly string[]): Promise<void> {
  return writeFile(join(directory, file), lines.join('\n'));
}

/** What is said when the directory is read, with `agents/…` for the files. */
function refusal(): string {
  try {
    declaredAgents(directory, noModel);
  } catch (error) {
    return String(error).replaceAll(directory, 'agents');
  }
  throw new Error('the directory was accepted');
}

it('a file is an agent with a card, and its text is what the model is told', async () => {
  await declare(
    'clerk.md',
    '---',
    'type: law',
    'description: Explains contracts.',
    'skills:',
    '  - Explain a clause',
    '  - { id: risks, name: Find risks, description: Lists what may go wrong., tags: [risk] }',
    'model: openai-compatible/lawyer',
    'tools: [sums]',
    '---',
    '# Role',
    'You explain contracts in plain words.',
  );
  await declare('README.md', 'What these files are for.');
  const openAi = await startOpenAiServer();
  const { url: database } = await createTestDatabase();
  const env = {
    PORT: '0',
    DATABASE_URL: database,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_MODEL: 'openai-compatible/everybody',
    CONTINUO_MODEL_BASE_URL: openAi.baseUrl,
    CONTINUO_MCP_SERVERS: JSON.stringify({ sums: { command: process.execPath, args: [mcpServer] } }),
  };
  const server = await startServer({ agents: [AssistantAgent], agentsDir: directory, env });
  afterThisTest(() => server.stop());

  const card = await (await fetch(`${server.url}/agents/law/clerk/.well-known/agent-card.json`)).json();
  expect(card).toMatchObject({
    description: 'Explains contracts.',
    skills: [
      { id: 'explain-a-clause', name: 'Explain a clause', description: 'Explain a clause' },
      { id: 'risks', name: 'Find risks', description: 'Lists what may go wrong.', tags: ['risk'] },
    ],
  });
  for (const agent of ['law/clerk', 'context/assistant']) {
    await fetch(`${server.url}/agents/${agent}/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Hello', wait: true }),
    });
  }
  expect(openAi.requests.map(({ model }) => model)).toEqual(['lawyer', 'everybody']);
  expect(openAi.requests[0]?.tools?.map((tool) => tool.function.name)).toContain('sums_add');
  const system = openAi.requests[0]?.messages[0];
  expect(system?.role).toBe('system');
  expect(system?.content).toContain('You explain contracts in plain words.');
});

it('no directory is no agents', () => {
  expect(declaredAgents(join(directory, 'missing'), noModel)).toEqual({ agents: [], providers: [] });
});

it('those that come with Continuo are good ones', () => {
  expect(declaredAgents(fileURLToPath(new URL('../../../../agents', import.meta.url)), noModel).agents).toHaveLength(1);
});

it('a file that Windows has written is read like any other', async () => {
  await declare('clerk.md', '\uFEFF---\r', 'description: Explains contracts.\r', '---\r', 'Explain.\r', '');
  expect(declaredAgents(directory, noModel).agents).toHaveLength(1);
});

describe('a bad file is named with its line and what was expected:', () => {
  it.each<[string, readonly string[], string]>([
    ['no front matter', ['# Role'], 'agents/bad.md:1: expected front matter: YAML between two lines of ---'],
    ['front matter without an end', ['---', 'description: D', 'Text'], 'agents/bad.md:3: expected a line of ---'],
    ['no YAML', ['---', 'description: D', 'skills: [', '---', 'Text'], 'agents/bad.md:3: '],
    ['no map', ['---', '- description', '---', 'Text'], 'agents/bad.md:1: found ["description"], expected object'],
    ['no description', ['---', 'type: law', '---', 'Text'], 'agents/bad.md:1: description: found nothing, expected '],
    [
      'an empty description',
      ['---', 'type: law', 'description:', '---', 'Text'],
      'agents/bad.md:3: description: found ',
    ],
    ['nothing at all', ['---', '---', 'Text'], 'agents/bad.md:1: description: found nothing'],
    ['no context', ['---', 'description: D', '---', '', ''], 'agents/bad.md:5: expected the context of the agent'],
    [
      'an unknown field',
      ['---', 'description: D', 'skils: []', '---', 'Text'],
      'agents/bad.md:3: skils: expected a field',
    ],
    [
      'a field that is wrong deep inside',
      ['---', 'description: D', 'skills:', '  - name: A', '    tags: 5', '---', 'Text'],
      'agents/bad.md:5: skills[0].tags: found 5, expected array',
    ],
    [
      'an address that is none',
      ['---', 'description: D', 'name: My Agent', '---', 'Text'],
      'agents/bad.md:3: name: found "My Agent", expected lower-case letters, digits and dashes',
    ],
    [
      'tools of nobody',
      ['---', 'description: D', 'tools: [search]', '---', 'Text'],
      'agents/bad.md:3: tools: found "search", expected a server of CONTINUO_MCP_SERVERS (it names none)',
    ],
    [
      'tools that are no list',
      ['---', 'description: D', 'tools: some', '---', 'Text'],
      'agents/bad.md:3: tools: found "some", expected a list of MCP servers\' names, or [all]',
    ],
    [
      'a model of nobody',
      ['---', 'description: D', 'model: acme/one', '---', 'Text'],
      'agents/bad.md:3: model: found "acme/one", expected <provider>/<model id> with a provider of openai-compatible',
    ],
    [
      'a model without an address',
      ['---', 'description: D', 'model: openai-compatible/one', '---', 'Text'],
      'agents/bad.md:3: CONTINUO_MODEL_BASE_URL is missing',
    ],
  ])('%s', async (_what, lines, message) => {
    await declare('bad.md', ...lines);
    expect(refusal()).toContain(message);
  });

  it('all of them at once', async () => {
    await declare('one.md', '---', 'type: Law', 'version: 2', '---');
    await declare('two.md', 'Text');
    const said = refusal();
    expect(said.match(/agents\/\w+\.md:\d+/g)).toEqual([
      'agents/one.md:1',
      'agents/one.md:2',
      'agents/one.md:3',
      'agents/one.md:4',
      'agents/two.md:1',
    ]);
  });

  it('an address that another file has', async () => {
    await declare('one.md', '---', 'name: same', 'description: D', '---', 'Text');
    await declare('two.md', '---', 'description: D', 'name: same', '---', 'Text');
    expect(refusal()).toContain('agents/two.md:3: "context/same" is declared in agents/one.md:2 already');
  });

  it('the same address in the same version, while others are side by side', async () => {
    const version = (n: number, ...more: readonly string[]): readonly string[] => [
      '---',
      'name: same',
      'description: D',
      `version: '${n}.0.0'`,
      ...more,
      '---',
      'Text',
    ];
    await declare('one.md', ...version(1, 'deploys: pinned'));
    await declare('two.md', ...version(2));
    expect(declaredAgents(directory, noModel).agents).toHaveLength(2);
    await declare('three.md', ...version(2, 'deploys: pinned'));
    expect(refusal()).toContain('agents/two.md:2: "context/same" is declared in agents/three.md:2 already');
    await declare('three.md', ...version(3, 'deploys: sometimes'));
    expect(refusal()).toContain('agents/three.md:5: deploys: found "sometimes", expected');
  });

  it('an address that a built-in agent has, when the server starts', async () => {
    await declare('assistant.md', '---', 'description: D', '---', 'Text');
    const { url } = await createTestDatabase();
    const env = { PORT: '0', DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent' };
    const started = startServer({ agents: [AssistantAgent], agentsDir: directory, env });
    await expect(started).rejects.toThrow(
      'assistant.md:1 can\'t be registered: "context/assistant" is already the address of AssistantAgent.',
    );
  });
});
