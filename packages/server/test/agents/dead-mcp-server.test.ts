/** An MCP server that is away costs one attempt for many calls, not one each. */
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { McpTools } from '../../src/agents/tools/mcp-tools.js';
import { mcpParts } from '../support/mcp-parts.js';
import { onLoopback } from '../support/on-loopback.js';

it('is asked once for many turns', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(500).end();
  });
  const url = `${await onLoopback(server)}/mcp`;
  const warnings: unknown[] = [];
  const tools = new McpTools(
    { dead: { url } },
    mcpParts({ log: { warn: (...said: unknown[]) => void warnings.push(said) } }),
  );
  for (let n = 0; n < 50; n += 1) expect(await tools.of('all')).toEqual({});
  expect(asked).toBe(1);
  expect(warnings).toHaveLength(50);
  await tools.onApplicationShutdown();
});
