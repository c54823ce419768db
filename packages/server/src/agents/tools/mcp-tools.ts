/** The tools of MCP servers, for context agents. */
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import { messageOf } from '../../platform/errors.js';
import type { Log } from '../../platform/log.js';
import type { McpServer } from '../../platform/mcp-servers.js';
import type { McpConnection } from './mcp-connection.js';
import type { AgentTool } from './tool.js';

/** Those of CONTINUO_MCP_SERVERS by name, or a server of the agent's own. */
export type McpSelection = 'all' | readonly (string | (McpServer & { readonly name: string }))[];

/** What providers take as the name of a tool. */
const MOST_CHARACTERS = 64;

export class McpTools {
  readonly #connections = new Map<string, Promise<McpConnection>>();

  constructor(
    private readonly configured: Readonly<Record<string, McpServer>>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** By the name that the model is told, `<server>_<tool>`. A server that can't be reached has none. */
  async of(selection: McpSelection): Promise<Readonly<Record<string, AgentTool>>> {
    const named = selection === 'all' ? Object.keys(this.configured) : selection;
    const servers = named.flatMap((server) => {
      if (typeof server !== 'string') return [server];
      const known = this.configured[server];
      return known === undefined ? [] : [{ ...known, name: server }];
    });
    const tools = await Promise.all(servers.map((server) => this.#toolsOf(server)));
    return Object.fromEntries(tools.flat());
  }

  /** Called by Nest. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.#connections.values()].map(async (connection) => (await connection).close()));
  }

  async #toolsOf({
    name,
    ...server
  }: McpServer & { readonly name: string }): Promise<readonly (readonly [string, AgentTool])[]> {
    try {
      const connection = await this.#connectionTo(server);
      const tools = await connection.tools();
      return tools.map((tool) => [nameOf(name, tool), toTool(connection, tool)]);
    } catch (error) {
      this.log.warn(
        { err: messageOf(error), server: name },
        'an MCP server could not be asked; going on without its tools',
      );
      return [];
    }
  }

  /** The SDK is loaded with the first: a server that starts, and one without MCP servers, does without it. */
  #connectionTo(server: McpServer): Promise<McpConnection> {
    const key = JSON.stringify(server);
    const open = async (): Promise<McpConnection> => new (await import('./mcp-connection.js')).McpConnection(server);
    const connection = this.#connections.get(key) ?? open();
    this.#connections.set(key, connection);
    return connection;
  }
}

function nameOf(server: string, { name }: Tool): string {
  return `${server}_${name}`.replaceAll(/[^\w-]/g, '_').slice(0, MOST_CHARACTERS);
}

function toTool(connection: McpConnection, { name, title, description, inputSchema }: Tool): AgentTool {
  return {
    description: description ?? title ?? name,
    inputSchema,
    inStep: true,
    run: async (input, { signal, idempotencyKey }) => {
      if (typeof input !== 'object' || input === null) throw new Error('The input is not a JSON object.');
      return resultOf(await connection.call(name, { ...input }, idempotencyKey, signal));
    },
  };
}

/** What isn't text is only named: models take no files as the result of a tool over every provider. */
function resultOf({ content, structuredContent, isError }: CallToolResult): unknown {
  const text = content
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'resource' && 'text' in part.resource) return part.resource.text;
      if (part.type === 'resource_link') return `[${part.name}: ${part.uri}]`;
      return `[${part.type}]`;
    })
    .join('\n');
  if (isError === true) throw new Error(text);
  return structuredContent ?? text;
}
