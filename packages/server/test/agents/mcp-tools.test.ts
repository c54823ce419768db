/** Tools of MCP servers in processes of their own, over standard input and output and over HTTP. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, expect, it } from 'vitest';
import type { AgentAnswer } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { parseMcpServers } from '../../src/platform/mcp-servers.js';
import { answerOf, startModelServer, type ModelServer } from '../support/model-server.js';
import { afterThisTest, forThisFile } from '../support/outcome.js';
import { freePort } from '../support/server-process.js';

const script = new URL('../support/mcp-server.mjs', import.meta.url).pathname;

@A2AAgent({ type: 'test', name: 'adder', description: 'Adds.' })
class Adder extends ContextAgentBaseService {
  protected readonly context = 'You add.';
  protected override readonly mcp = ['sums', 'nobody', 'not-configured'];
}

@A2AAgent({ type: 'test', name: 'remote', description: 'Adds elsewhere.' })
class Remote extends ContextAgentBaseService {
  protected readonly context = 'You add.';
  protected override readonly mcp = ['web'];
}

@A2AAgent({ type: 'test', name: 'reader', description: 'Reads without a model.' })
class Reader extends ContextAgentBaseService {
  protected readonly context = '';

  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const data = await task.step('read', async () => {
      const sums = await this.mcpServer('sums');
      const [resources, terms] = [await sums.resources(), await sums.readResource('docs://terms')];
      const [prompts, greet] = [await sums.prompts(), await sums.prompt('greet', { name: 'Ada' })];
      const failed = async (work: Promise<unknown>): Promise<string> => work.then(String, messageOf);
      const failures = [await failed(sums.readResource('docs://no')), await failed(this.mcpServer('no'))];
      return { resources, terms, prompts, greet, failures };
    });
    return [{ data }];
  }
}

let server: ModelServer;
let port = 0;
let remote: ChildProcess;

async function startRemote(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, 'http', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  afterThisTest(() => Promise.resolve(void child.kill('SIGKILL')));
  await once(child.stdout, 'data');
  return child;
}

beforeAll(async () => {
  port = await freePort();
  remote = await startRemote();
  server = await startModelServer([Adder, Remote, Reader], {
    CONTINUO_MCP_SERVERS: JSON.stringify({
      sums: {
        command: process.execPath,
        args: [script],
        env: { SUMS_KEY: 'sums-secret' },
        resources: true,
        prompts: true,
      },
      web: { url: `http://127.0.0.1:${port}/mcp`, headers: { authorization: 'Bearer mcp-secret' } },
      nobody: { url: 'http://127.0.0.1:1/mcp' },
    }),
  });
});

/** Has the model call the tool, and answers with what it was told. */
async function result(agent: string, name: string, input: unknown): Promise<string> {
  server.openAi.next({ kind: 'calls', calls: [{ name, input }] }, { kind: 'answer', words: ['Done.'] });
  expect(answerOf(await server.ask(agent, 'Go.'))).toBe('Done.');
  return String(server.lastPrompt().at(-1)?.content);
}

it('offers the tools of a program, and runs them there', async () => {
  expect(await result('test/adder', 'sums_add', { a: 2, b: 3 })).toBe('5');
  const offered = server.openAi.requests.at(-1)?.tools ?? [];
  const tools = ['add', 'environment', 'fail', 'many', 'list_resources', 'read_resource', 'list_prompts', 'get_prompt'];
  expect(offered.map((tool) => tool.function.name)).toEqual(tools.map((name) => `sums_${name}`));
  expect(offered[0]?.function.parameters).toMatchObject({ properties: { a: { type: 'number' } } });
});

it('hands on its own environment and no other, and an idempotency key', async () => {
  const given = JSON.parse(await result('test/adder', 'sums_environment', {})) as Record<string, unknown>;
  expect(given).toEqual({ pid: expect.any(Number) as unknown, key: 'sums-secret', idempotent: 'string' });
});

it('tells the model what fails there', async () => {
  expect(await result('test/adder', 'sums_fail', {})).toBe('Out of numbers.');
  expect(await result('test/adder', 'sums_add', { a: 'two' })).toContain('Input validation error');
});

it('reads no answer of more values than can be taken, and tells the model so', async () => {
  expect(await result('test/adder', 'sums_many', {})).toContain(
    `The answer of ${process.execPath} is not read: at most 100000 values are taken.`,
  );
  expect(await result('test/adder', 'sums_add', { a: 2, b: 4 })).toBe('6');
  expect(await result('test/remote', 'web_many', {})).toContain(
    `The answer of http://127.0.0.1:${port} is not read: at most 100000 values are taken.`,
  );
  expect(await result('test/remote', 'web_add', { a: 2, b: 5 })).toBe('7');
});

it('lets the model read resources and prompts, where the configuration says so', async () => {
  const terms = { uri: 'docs://terms', name: 'terms', mimeType: 'text/plain' };
  expect(JSON.parse(await result('test/adder', 'sums_list_resources', {}))).toEqual({ resources: [terms] });
  expect(await result('test/adder', 'sums_read_resource', { uri: 'docs://terms' })).toBe(
    'Be kind.\n[File seal.png (image/png)]',
  );
  expect(await result('test/adder', 'sums_read_resource', { uri: 'docs://no' })).toContain('docs://no not found');
  const greet = { name: 'greet', arguments: [{ name: 'name', required: true }] };
  expect(JSON.parse(await result('test/adder', 'sums_list_prompts', {}))).toEqual([greet]);
  const asked = { name: 'greet', arguments: { name: 'Ada' } };
  expect(await result('test/adder', 'sums_get_prompt', asked)).toBe('user: Greet Ada.');
  await result('test/remote', 'web_add', { a: 1, b: 1 });
  const names = server.openAi.requests.at(-1)?.tools?.map((tool) => tool.function.name);
  expect(names).toEqual(['web_add', 'web_environment', 'web_fail', 'web_many']);
});

it('lets agents read them in code', async () => {
  const [part] = (await server.ask('test/reader', 'Read.')).artifacts?.[0]?.parts ?? [];
  expect(part?.data).toEqual({
    resources: [{ uri: 'docs://terms', name: 'terms', mimeType: 'text/plain' }],
    terms: [{ text: 'Be kind.' }, { raw: 'iVBORw0KGgo=', mediaType: 'image/png', filename: 'seal.png' }],
    prompts: [{ name: 'greet', arguments: [{ name: 'name', required: true }] }],
    greet: [{ role: 'user', parts: [{ text: 'Greet Ada.' }] }],
    failures: [
      expect.stringContaining('docs://no not found') as unknown,
      'There is no MCP server "no". There are: sums, web, nobody.',
    ],
  });
});

it('starts a program again that has ended', async () => {
  const before = JSON.parse(await result('test/adder', 'sums_environment', {})) as { pid: number };
  process.kill(before.pid, 'SIGKILL');
  await result('test/adder', 'sums_add', { a: 1, b: 1 });
  const after = JSON.parse(await result('test/adder', 'sums_environment', {})) as { pid: number };
  expect(after.pid).not.toBe(before.pid);
});

it('reaches servers over HTTP, also one that was started again, and goes on without one that is away', async () => {
  expect(await result('test/remote', 'web_add', { a: 20, b: 3 })).toBe('23');
  remote.kill('SIGKILL');
  await once(remote, 'exit');
  remote = await forThisFile(startRemote);
  expect(await result('test/remote', 'web_add', { a: 20, b: 4 })).toBe('24');
  remote.kill('SIGKILL');
  await once(remote, 'exit');
  // What it is told depends on when the loss was noticed.
  expect(await result('test/remote', 'web_add', { a: 20, b: 5 })).toMatch(/fetch failed|There is no tool/);
});

it('reads the servers from one variable, as JSON or as names with addresses', () => {
  const one = { one: { url: 'http://a.example/mcp' }, two: { url: 'https://b.example/?x=y' } };
  expect(parseMcpServers('one=http://a.example/mcp, two=https://b.example/?x=y')).toEqual(one);
  expect(parseMcpServers(JSON.stringify(one))).toEqual(one);
  for (const wrong of ['one', 'one=ftp://a.example', '{"one":{}}', '{"one":', '{"o n e":{"url":"http://a.example"}}']) {
    expect(parseMcpServers(wrong)).toBeUndefined();
  }
});
