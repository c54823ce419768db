/** The tools of MCP servers, for context agents. */
import { eitherApproval, idlePatterns, isToBeAsked } from '@continuo/agent/internal/agents/tools/approval.js';
import type { ConfiguredServer, McpSelection, NamedServer } from '@continuo/agent/internal/agents/tools/mcp-toolbox.js';
import type { AgentTool } from '@continuo/agent/internal/agents/tools/tool.js';
import { messageOf, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import type { McpServer } from '@continuo/agent/internal/platform/mcp-server.js';
import { ensureInstalled } from '../../platform/optional-parts.js';
import type { McpAccess } from './mcp/access.js';
import type { ConnectionParts, McpConnection } from './mcp/connection.js';
import type { OfferedTool } from './mcp/offered-tools.js';
import { nameForModels } from './mcp/tool-names.js';

type NamedTool = readonly [name: string, tool: AgentTool];

/** Loaded with the first server: a server that starts, and one without MCP servers, does without the SDK. */
const loadConnection = (): Promise<typeof import('./mcp/connection.js')> => {
  ensureInstalled('mcp', 'An MCP server');
  return import('./mcp/connection.js');
};
const loadCalls = (): Promise<typeof import('./mcp/call-tool.js')> => import('./mcp/call-tool.js');

export class McpTools {
  readonly #connections = new Map<string, Promise<McpConnection>>();
  /** What was warned of. */
  readonly #idle = new Set<string>();

  /** Throws PACKAGE_MISSING where servers are configured and MCP can't be spoken. */
  constructor(
    private readonly configured: Readonly<Record<string, McpServer>>,
    private readonly parts: ConnectionParts,
  ) {
    if (Object.keys(configured).length > 0) ensureInstalled('mcp', 'CONTINUO_MCP_SERVERS');
  }

  /** By the name that the model is told, `<server>_<tool>`. A server that can't be reached has none. */
  async of(selection: McpSelection): Promise<Readonly<Record<string, AgentTool>>> {
    const named = selection === 'all' ? Object.keys(this.configured) : [...new Set(selection)];
    const servers = named.map((server) => this.#named(server)).filter((server) => server !== undefined);
    const names = [...Object.keys(this.configured), ...servers.map(({ name }) => name)];
    const tools = await Promise.all(servers.map((server) => this.#toolsOf(server, names)));
    return this.#distinct(tools.flat());
  }

  /** The resources and prompts of a server of the configuration, or of one in `selection`. Throws for one that is in neither. */
  async server(name: string, selection: McpSelection): Promise<McpAccess> {
    const others = selection === 'all' ? [] : selection.filter((server) => typeof server !== 'string');
    const server = this.#named(others.find((other) => other.name === name) ?? name);
    if (server === undefined) {
      const known = [...Object.keys(this.configured), ...others.map((other) => other.name)].join(', ');
      throw new TerminalError(`There is no MCP server "${name}". There are: ${known || 'none'}.`);
    }
    const { McpAccess: Access } = await import('./mcp/access.js');
    return new Access(await this.#connectionTo(server));
  }

  /** Called by Nest. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.#connections.values()].map(async (connection) => (await connection).close()));
  }

  #named(server: string | ConfiguredServer | NamedServer): NamedServer | undefined {
    if (typeof server === 'object' && ('url' in server || 'command' in server)) return server;
    const { name, approve } = typeof server === 'string' ? { name: server, approve: undefined } : server;
    const known = Object.hasOwn(this.configured, name) ? this.configured[name] : undefined;
    return known && { ...known, name, approve: eitherApproval(known.approve, approve) };
  }

  async #toolsOf(server: NamedServer, names: readonly string[]): Promise<readonly NamedTool[]> {
    try {
      const connection = await this.#connectionTo(server);
      const tools = await connection.tools();
      const isTaken = (name: string): boolean => tools.some((tool) => tool.name === name);
      const { accessTools } = await import('./mcp/access-tools.js');
      const all = [
        ...tools.map((tool) => [tool.name, toTool(connection, tool)] as const),
        ...accessTools(connection, server).map(([name, tool]) => [isTaken(name) ? `mcp_${name}` : name, tool] as const),
      ];
      this.#warnOfIdle(
        server,
        all.map(([name]) => name),
      );
      return all.map(([name, tool]) => {
        const approve = isToBeAsked(server.approve, name) ? 'always' : 'never';
        return [nameForModels(server.name, name, names), { ...tool, approve }];
      });
    } catch (error) {
      this.parts.log.warn(
        { err: messageOf(error), server: server.name },
        'an MCP server could not be asked; going on without its tools',
      );
      return [];
    }
  }

  /** A pattern that fits nothing may be misspelt, and somebody may rely on it. */
  #warnOfIdle({ name, approve }: NamedServer, tools: readonly string[]): void {
    for (const pattern of idlePatterns(approve, tools)) {
      const key = JSON.stringify([name, pattern]);
      if (this.#idle.has(key)) continue;
      this.#idle.add(key);
      this.parts.log.warn(
        { server: name, pattern },
        'people are to be asked about tools that an MCP server does not have',
      );
    }
  }

  /** What people are asked about is no matter of the connection. */
  #connectionTo({ name, ...about }: NamedServer): Promise<McpConnection> {
    const server = { ...about, approve: undefined };
    const key = JSON.stringify([name, server]);
    const open = async (): Promise<McpConnection> => {
      const { McpConnection: Connection } = await loadConnection();
      return new Connection(name, server, this.parts);
    };
    const connection = this.#connections.get(key) ?? open();
    this.#connections.set(key, connection);
    return connection;
  }

  /** Two that are the same to a model would be one to it: the first stays, and people are asked if it is so for either. */
  #distinct(tools: readonly NamedTool[]): Readonly<Record<string, AgentTool>> {
    const all = new Map<string, AgentTool>();
    for (const [name, tool] of tools) {
      const first = all.get(name);
      if (first === undefined) all.set(name, tool);
      else {
        this.parts.log.warn({ tool: name }, 'a tool of an MCP server is left out: another one has its name');
        if (tool.approve === 'always') all.set(name, { ...first, approve: tool.approve });
      }
    }
    return Object.fromEntries(all);
  }
}

function toTool(connection: McpConnection, tool: OfferedTool): AgentTool {
  const { description, inputSchema } = tool;
  return {
    description,
    inputSchema,
    inStep: true,
    run: async (input, context) => (await loadCalls()).callTool(connection, tool, input, context),
  };
}
