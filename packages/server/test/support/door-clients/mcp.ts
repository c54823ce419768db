/** MCP's own client. */
import { CallToolResultSchema, ElicitRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'vitest';
import { losingItsInstance } from '../cut-off.js';
import { at, call } from '../http-calls.js';
import { connect, textOf, type McpConnection } from '../mcp-client.js';
import { until } from '../until.js';
import { installed, saidOverA2A, type DoorClient, type Instances } from './door-client.js';

const STEPS = 12;

const steps = (upTo: number) => Array.from({ length: upTo }, (_step, index) => `Counted ${index + 1} of ${upTo}`);

/** A countdown, with all that is said of it. */
async function countDown({ client }: McpConnection): Promise<{ result: CallToolResult; heard: readonly unknown[] }> {
  const heard: unknown[] = [];
  const params = { name: 'function_countdown', arguments: { message: 'go', data: { steps: STEPS, delayMs: 25 } } };
  const result = await client.callTool(params, CallToolResultSchema, {
    onprogress: ({ message }) => void heard.push(message),
  });
  return { result: result as CallToolResult, heard };
}

export async function mcp({ url, other }: Instances): Promise<DoorClient> {
  const said = async (name: string, args: Readonly<Record<string, unknown>>): Promise<string> =>
    textOf(await (await connect(url)).call(name, args));
  return {
    name: await installed('@modelcontextprotocol/sdk'),
    scenarios: {
      find: async () => {
        const { tools } = await (await connect(url)).client.listTools();
        expect(tools.map(({ name }) => name)).toContain('function_echo');
      },
      send: async () => expect(await said('function_echo', { message: 'hello' })).toBe('hello'),
      stream: async () => expect((await countDown(await connect(url))).heard).toEqual(steps(STEPS)),
      memory: async () => {
        const sessionId = crypto.randomUUID();
        await said('test_remembers', { message: 'one', sessionId });
        expect(await said('test_remembers', { message: 'two', sessionId })).toBe('one, two');
      },
      answer: async () => {
        const answers = ['Ada', 'blue'];
        const asking = await connect(url, {
          capabilities: { elicitation: {} },
          prepare: (client) =>
            client.setRequestHandler(ElicitRequestSchema, () => ({
              action: 'accept',
              content: { answer: answers.shift() ?? '' },
            })),
        });
        expect(textOf(await asking.call('test_asks-twice', { message: 'Go' }))).toBe('Ada likes blue.');
      },
      cancel: async () => {
        const sessionId = crypto.randomUUID();
        const abort = new AbortController();
        const params = {
          name: 'function_countdown',
          arguments: { message: 'go', data: { steps: 1_000, delayMs: 50 }, sessionId },
        };
        const called = (await connect(url)).client.callTool(params, CallToolResultSchema, {
          signal: abort.signal,
          onprogress: () => abort.abort('enough'),
        });
        await expect(called).rejects.toThrow('enough');
        const state = async (): Promise<unknown> =>
          at((await call('GET', `${url}/tasks?sessionId=${sessionId}`)).body, 'tasks', 0, 'status', 'state');
        await until(async () => (await state()) === 'TASK_STATE_CANCELED', { what: 'the task to be cancelled' });
      },
      resume: async () => {
        const connection = await connect(url, { fetch: losingItsInstance('Counted 5 ', other) });
        const { result, heard } = await countDown(connection);
        expect(textOf(result)).toContain(`Counted ${STEPS} steps.`);
        expect(heard).toEqual(steps(STEPS));
      },
      'two doors': async () => {
        const sessionId = crypto.randomUUID();
        await saidOverA2A(url, 'there', sessionId);
        expect(await said('test_remembers', { message: 'here', sessionId })).toBe('there, here');
      },
      errors: async () => {
        await expect(said('nobody_here', { message: 'hello' })).rejects.toMatchObject({ code: -32602 });
        const failed = await (await connect(url)).call('test_throws-at-once', { message: 'Go' });
        expect(failed.isError).toBe(true);
        expect(textOf(failed)).toContain('There is nothing to do here.');
      },
    },
  };
}
