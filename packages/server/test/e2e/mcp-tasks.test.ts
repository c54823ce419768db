/** Long calls as tasks of MCP, what was said and made as its resources, and the example of the documents. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { examplesIn } from '../support/documented-code.js';
import { at, textAt } from '../support/http-calls.js';
import { connect, textOf, type McpConnection } from '../support/mcp-client.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

const ROOT = new URL('../../../../', import.meta.url);
const entry = new URL('../support/mcp-agents-server.mjs', import.meta.url).pathname;

let url: string;
let mcp: McpConnection;

beforeAll(async () => {
  const database = await createTestDatabase();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: database.url } }));
  mcp = await connect(url);
});

const countdown = (steps: number, delayMs: number) => ({
  name: 'function_countdown',
  arguments: { message: 'go', data: { steps, delayMs } },
});

async function beginTask({ client }: McpConnection, params: Readonly<Record<string, unknown>>): Promise<string> {
  for await (const event of client.experimental.tasks.callToolStream(params as never, CallToolResultSchema, {
    task: { ttl: 60_000 },
  })) {
    if (event.type === 'taskCreated') return event.task.taskId;
  }
  throw new Error('no task was begun');
}

it('begins a call as a task, whose result is asked for later', async () => {
  const { tasks } = mcp.client.experimental;
  const taskId = await beginTask(mcp, countdown(3, 10));
  const result = await tasks.getTaskResult(taskId, CallToolResultSchema);
  expect(textOf(result)).toContain('Counted 3 steps.');
  expect(at(result, '_meta', 'io.modelcontextprotocol/related-task')).toEqual({ taskId });
  expect(await tasks.getTask(taskId)).toMatchObject({ taskId, status: 'completed', ttl: null });
  const listed = await tasks.listTasks();
  expect(listed.tasks).toContainEqual(expect.objectContaining({ taskId, status: 'completed' }));
  await expect(tasks.getTask('0'.repeat(8))).rejects.toMatchObject({ code: -32602 });
});

it('cancels a task, once', async () => {
  const { tasks } = mcp.client.experimental;
  const taskId = await beginTask(mcp, countdown(1_000, 50));
  expect(await tasks.cancelTask(taskId)).toMatchObject({ taskId, status: 'cancelled' });
  await expect(tasks.cancelTask(taskId)).rejects.toMatchObject({ code: -32602 });
});

it('asks people what a task asks, when its result is asked for', async () => {
  const asking = await connect(url, {
    capabilities: { elicitation: {} },
    prepare: (client) =>
      client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { answer: 'Ada' } })),
  });
  const { tasks } = asking.client.experimental;
  const taskId = await beginTask(asking, { name: 'test_asks', arguments: { message: 'hello' } });
  const asked = await until(
    async () => {
      const task = await tasks.getTask(taskId);
      return task.status === 'input_required' ? task : undefined;
    },
    { what: 'the task to ask' },
  );
  expect(asked.statusMessage).toBe('What is your name?');
  expect(textOf(await tasks.getTaskResult(taskId, CallToolResultSchema))).toBe('Hello Ada.');
});

it('shows sessions, and what agents have made, as resources', async () => {
  await mcp.call('test_remembers', { message: 'Hello', sessionId: 'a session' });
  const { resources } = await mcp.client.listResources();
  const uri = 'continuo://sessions/a%20session';
  expect(resources).toContainEqual(expect.objectContaining({ uri, name: 'Hello' }));
  const read = await mcp.client.readResource({ uri });
  const { messages } = JSON.parse(textAt(read, 'contents', 0, 'text')) as { readonly messages: readonly unknown[] };
  expect(messages).toHaveLength(2);
  expect(at(messages, 1, 'message', 'parts')).toEqual([{ text: 'Hello' }]);
  const drawn = await mcp.call('test_draws', { message: 'a dot' });
  const link = drawn.content.find(({ type }) => type === 'resource_link');
  const notes = await mcp.client.readResource({ uri: textAt(link, 'uri') });
  expect(notes.contents).toEqual([expect.objectContaining({ text: 'How it was drawn.' })]);
  for (const missing of ['continuo://sessions/none', 'continuo://tasks/1/artifacts/2', 'file:///etc/passwd']) {
    await expect(mcp.client.readResource({ uri: missing })).rejects.toMatchObject({ code: -32002 });
  }
});

it('does what the documents show', async () => {
  const server = await startServer();
  const examples = await examplesIn(ROOT, 'docs/doors.md');
  const code = examples.find((example) => example.code.includes('@modelcontextprotocol/sdk'))?.code ?? '';
  const program = code.replaceAll('http://127.0.0.1:4000', server.url);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(ROOT),
  });
  expect(stdout).toContain('context_assistant');
  expect(stdout).toContain('Hello');
});
