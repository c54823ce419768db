/** One call of a tool of an MCP server. */
import type { ToolContext } from '../tool.js';
import { ServerAway, type McpConnection } from './connection.js';
import { lossBy } from './lost-session.js';
import type { OfferedTool } from './offered-tools.js';
import { isWordless, resultOf, resultSchema } from './results.js';

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
  const options = { signal, timeout: CALL_MS };
  const result = await connection
    .request((client) => client.request(call, resultSchema, options), { again: false, signal })
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw new Error(failureOf(error, connection), { cause: error });
    });
  return resultOf(result, tool);
}

function failureOf(error: unknown, connection: McpConnection): string {
  if (error instanceof ServerAway) return `${error.message} The call was not sent.`;
  const server = `The MCP server "${connection.name}"`;
  if (isWordless(error)) return `${server} refused the call with error ${error.code} and said nothing of the reason.`;
  const words = connection.wordsOf(error);
  const loss = lossBy(error);
  if (loss === 'doubtful' || loss === 'refused') return words;
  return `${server} gave no answer: ${words} Whether the call took effect is not known.`;
}
