/** The MCP client that people use, connected to a server, and what tests ask of it. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult, ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { afterThisFile } from './outcome.js';

export interface McpConnection {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  readonly call: (name: string, args?: Readonly<Record<string, unknown>>) => Promise<CallToolResult>;
}

export interface ConnectOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly capabilities?: ClientCapabilities;
  /** In place of the real one. */
  readonly fetch?: typeof fetch;
  /** Prepares the client before it connects. */
  readonly prepare?: (client: Client) => void;
}

export async function connect(
  url: string,
  { headers = {}, capabilities = {}, prepare, ...options }: ConnectOptions = {},
): Promise<McpConnection> {
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities });
  prepare?.(client);
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    ...options,
    requestInit: { headers: { ...headers } },
    reconnectionOptions: {
      initialReconnectionDelay: 100,
      maxReconnectionDelay: 500,
      reconnectionDelayGrowFactor: 1.5,
      maxRetries: 100,
    },
  });
  await client.connect(transport);
  afterThisFile(() => client.close());
  return {
    client,
    transport,
    call: async (name, args = {}) => (await client.callTool({ name, arguments: { ...args } })) as CallToolResult,
  };
}

export function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
}
