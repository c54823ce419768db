/** Streams of MCP that were cut off go on, at any instance and after a kill; answers find their task wherever they arrive. */
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, it } from 'vitest';
import { forThisFile } from '../support/outcome.js';
import { createTestDatabase } from '../support/database.js';
import { connect, textOf } from '../support/mcp-client.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { quick } from '../support/two-instances.js';

const entry = new URL('../support/mcp-agents-server.mjs', import.meta.url).pathname;

let env: Readonly<Record<string, string>>;
let first: ServerProcess;
let second: ServerProcess;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  env = { DATABASE_URL: url, ...quick };
  [first, second] = [await startServer({ entry, env }), await startServer({ entry, env })];
});

/** Requests go to whichever server `at` names. */
function routed(at: () => ServerProcess): typeof fetch {
  return (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    return fetch(`${at().url}${pathname}${search}`, init);
  };
}

it('tells each word of a call once, whose instance is killed', async () => {
  let at = first;
  const { client } = await connect(first.url, { fetch: routed(() => at) });
  const heard: (string | undefined)[] = [];
  const params = { name: 'function_countdown', arguments: { message: 'go', data: { steps: 20, delayMs: 50 } } };
  const called = client.callTool(params, CallToolResultSchema, {
    onprogress: ({ message }) => {
      heard.push(message);
      if (heard.length !== 5) return;
      at = second;
      void first.kill('SIGKILL');
    },
  });
  expect(await called).toMatchObject({ structuredContent: { state: 'COMPLETED', answer: 'Counted 20 steps.' } });
  expect(heard).toEqual(Array.from({ length: 20 }, (_, step) => `Counted ${step + 1} of 20`));
  first = await forThisFile(() => startServer({ entry, env }));
});

it('takes an answer at another instance than the one that asks', async () => {
  let at = first;
  const { call } = await connect(first.url, {
    capabilities: { elicitation: {} },
    fetch: routed(() => at),
    prepare: (client) =>
      client.setRequestHandler(ElicitRequestSchema, () => {
        at = second;
        return { action: 'accept', content: { answer: 'Ada' } };
      }),
  });
  expect(textOf(await call('test_asks', { message: 'hello' }))).toBe('Hello Ada.');
  expect(at).toBe(second);
});

it('is resumed by another client with the last event that was seen', async () => {
  const { client } = await connect(first.url);
  const params = { name: 'function_countdown', arguments: { message: 'go', data: { steps: 10, delayMs: 30 } } };
  let seen = '';
  let token = '';
  const lost = client.callTool(params, CallToolResultSchema, {
    onprogress: ({ message }) => {
      seen = message ?? '';
      if (seen === 'Counted 3 of 10') void client.close();
    },
    onresumptiontoken: (id) => {
      if (seen === '') token = id;
    },
  });
  await expect(lost).rejects.toThrow('Connection closed');
  const other = await connect(second.url);
  const heard: (string | undefined)[] = [];
  // A client counts the tokens of progress as it counts its requests: this is its second, and the lost one was, too.
  const resumed = await other.client.callTool(params, CallToolResultSchema, {
    resumptionToken: token,
    onprogress: ({ message }) => void heard.push(message),
  });
  expect(resumed).toMatchObject({ structuredContent: { answer: 'Counted 10 steps.' } });
  expect(heard).toEqual(Array.from({ length: 9 }, (_, step) => `Counted ${step + 2} of 10`));
});
