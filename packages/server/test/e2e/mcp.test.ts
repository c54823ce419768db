/** Agents as tools of MCP: found, called and talked to with the client that people use. */
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, it } from 'vitest';
import { at, call, callRpc } from '../support/http-calls.js';
import { createTestDatabase } from '../support/database.js';
import { connect, textOf, type McpConnection } from '../support/mcp-client.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

const entry = new URL('../support/mcp-agents-server.mjs', import.meta.url).pathname;

let url: string;
let mcp: McpConnection;

beforeAll(async () => {
  const database = await createTestDatabase();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: database.url } }));
  mcp = await connect(url);
});

async function countTasks(): Promise<unknown> {
  return (await call('GET', `${url}/tasks/counts`)).body;
}

it('lists agents as tools with what they take and give', async () => {
  const { tools } = await mcp.client.listTools();
  const named = new Map(tools.map((tool) => [tool.name, tool]));
  expect([...named.keys()]).toEqual(expect.arrayContaining(['function_echo', 'test_add', 'answer']));
  expect(named.get('test_add')).toMatchObject({
    title: 'test/add',
    description: 'Adds two numbers.',
    inputSchema: { properties: { a: { type: 'number' }, sessionId: { type: 'string' } }, required: ['a', 'b'] },
    outputSchema: { properties: { sum: { type: 'number' } } },
    execution: { taskSupport: 'optional' },
  });
  expect(named.get('test_remembers')?.inputSchema).toMatchObject({ required: ['message'] });
});

it('gives what a function declares, and remembers a conversation', async () => {
  expect(await mcp.call('test_add', { a: 1, b: 2 })).toMatchObject({ structuredContent: { sum: 3 } });
  const first = await mcp.call('test_remembers', { message: 'one' });
  expect(first.structuredContent).toMatchObject({ state: 'COMPLETED', answer: 'one' });
  const sessionId = at(first.structuredContent, 'sessionId');
  const second = await mcp.call('test_remembers', { message: 'two', sessionId });
  expect(textOf(second)).toBe('one, two');
  expect(second).toMatchObject({ _meta: { 'continuo/sessionId': sessionId } });
  expect(textOf(await mcp.call('test_remembers', { message: 'alone' }))).toBe('alone');
});

it('shares a session with A2A', async () => {
  const message = { messageId: 'by-a2a', contextId: 'shared', role: 'ROLE_USER', parts: [{ text: 'over A2A' }] };
  await callRpc(`${url}/agents/test/remembers`, 'SendMessage', { message });
  expect(textOf(await mcp.call('test_remembers', { message: 'over MCP', sessionId: 'shared' }))).toBe(
    'over A2A, over MCP',
  );
});

it('shows pictures, and links what else was made', async () => {
  const { content } = await mcp.call('test_draws', { message: 'a dot' });
  expect(content).toEqual([
    { type: 'text', text: 'A dot.' },
    { type: 'image', data: expect.any(String), mimeType: 'image/png' },
    { type: 'resource_link', uri: expect.stringMatching(/^continuo:\/\/tasks\/.+\/artifacts\/.+$/), name: 'notes' },
  ]);
});

it('tells how far it is', async () => {
  const heard: { progress: number; message?: string | undefined }[] = [];
  const onprogress = (progress: { progress: number; message?: string | undefined }): void => void heard.push(progress);
  const params = { name: 'function_countdown', arguments: { message: 'go', data: { steps: 4, delayMs: 1 } } };
  const result = await mcp.client.callTool(params, CallToolResultSchema, { onprogress });
  expect(result).toMatchObject({ structuredContent: { answer: 'Counted 4 steps.' } });
  expect(heard.map(({ message }) => message)).toEqual([1, 2, 3, 4].map((step) => `Counted ${step} of 4`));
  const told = heard.map(({ progress }) => progress);
  expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
});

it('says what went wrong, and what is wrong with a call, which then changes nothing', async () => {
  const failed = await mcp.call('test_fails', { message: 'print' });
  expect(failed.isError).toBe(true);
  expect(textOf(failed)).toContain('The printer is on fire.');
  const before = await countTasks();
  const wrong = await mcp.call('test_add', { a: 1, b: 'two' });
  expect(wrong.isError).toBe(true);
  expect(textOf(wrong)).toBe('arguments.b: expected number');
  expect(textOf(await mcp.call('test_remembers', { text: 'hello' }))).toContain('arguments.message');
  await expect(mcp.call('no_agent', { message: 'hello' })).rejects.toMatchObject({ code: -32602 });
  expect(await countTasks()).toEqual(before);
});

it('gives the question of an agent as the result where the client asks nobody', async () => {
  const asked = await mcp.call('test_asks', { message: 'hello' });
  const { taskId, sessionId } = asked.structuredContent as Record<string, string>;
  expect(asked.structuredContent).toMatchObject({ state: 'INPUT_REQUIRED', question: 'What is your name?' });
  expect(textOf(asked)).toContain(`taskId "${taskId}"`);
  expect(textOf(await mcp.call('answer', { taskId, message: 'Ada' }))).toBe('Hello Ada.');
  const again = await mcp.call('test_asks', { message: 'hello', sessionId });
  expect(textOf(await mcp.call('test_asks', { message: 'Bob', taskId: at(again.structuredContent, 'taskId') }))).toBe(
    'Hello Bob.',
  );
  const ordered = await mcp.call('test_orders', { message: 'hello', sessionId });
  const order = { taskId: at(ordered.structuredContent, 'taskId') };
  const wrong = await mcp.call('answer', { ...order, data: { size: 'huge', count: 1 } });
  expect(textOf(wrong)).toContain('size');
  expect(textOf(await mcp.call('answer', { ...order, data: { size: 'small', count: 2 } }))).toBe('2 small');
});

it('asks people what an agent asks, in a form', async () => {
  const forms: unknown[] = [];
  const answers = [
    { action: 'accept' as const, content: { answer: 'Ada' } },
    { action: 'accept' as const, content: { size: 'large', count: 3 } },
    { action: 'decline' as const },
  ];
  const asking = await connect(url, {
    capabilities: { elicitation: {} },
    prepare: (client) =>
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        forms.push(params);
        const answer = answers.shift();
        if (answer === undefined) throw new Error('asked once too often');
        return answer;
      }),
  });
  expect(textOf(await asking.call('test_asks', { message: 'hello' }))).toBe('Hello Ada.');
  expect(textOf(await asking.call('test_orders', { message: 'hello' }))).toBe('3 large');
  const declined = await asking.call('test_asks', { message: 'hello' });
  expect(declined.isError).toBe(true);
  expect(textOf(declined)).toContain('cancel');
  expect(forms).toMatchObject([
    { message: 'What is your name?', requestedSchema: { properties: { answer: { type: 'string' } } } },
    { requestedSchema: { properties: { size: { enum: ['small', 'large'] }, count: { type: 'integer' } } } },
    {},
  ]);
});

it('cancels what a client gives up', async () => {
  const abort = new AbortController();
  const params = {
    name: 'function_countdown',
    arguments: { message: 'go', data: { steps: 1_000, delayMs: 50 }, sessionId: 'given-up' },
  };
  const called = mcp.client.callTool(params, CallToolResultSchema, {
    signal: abort.signal,
    onprogress: () => abort.abort('enough'),
  });
  await expect(called).rejects.toThrow('enough');
  await until(
    async () => {
      const { body } = await call('GET', `${url}/tasks?sessionId=given-up`);
      if (at(body, 'tasks', 0, 'status', 'state') !== 'TASK_STATE_CANCELED') throw new Error(JSON.stringify(body));
      return body;
    },
    { what: 'the task to be cancelled' },
  );
});
