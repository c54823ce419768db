/** One call of a tool of an MCP server. */
import type { ToolContext } from '@continuo/agent/internal/agents/tools/tool.js';
import { askServer } from './ask-server.js';
import type { McpConnection } from './connection.js';
import type { OfferedTool } from './offered-tools.js';
import { resultOf, resultSchema } from './results.js';

const CALL_MS = 300_000;

/** JSON. Throws an Error for the model: what the tool says, or what is known of a call that had no answer. */
export async function callTool(
  connection: McpConnection,
  tool: OfferedTool,
  input: unknown,
  { signal, idempotencyKey }: Pick<ToolContext, 'signal' | 'idempotencyKey'>,
): Promise<unknown> {
  if (typeof input !== 'object' || input === null) throw new Error('The input is not a JSON object.');
  const call = {
    method: 'tools/call',
    params: { name: tool.name, arguments: { ...input }, _meta: { 'continuo/idempotencyKey': idempotencyKey } },
  };
  const result = await askServer(connection, call, resultSchema, { timeoutMs: CALL_MS, isRead: false, signal });
  return resultOf(result, tool);
}
