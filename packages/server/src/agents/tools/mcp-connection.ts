/** A connection to one MCP server: opened when it is first needed, and opened again when it was lost. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema, type CallToolResult, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { systemClock } from '../../platform/clock.js';
import { Cooldown } from '../../platform/cooldown.js';
import type { McpServer } from '../../platform/mcp-servers.js';
import { transportTo } from './mcp-transport.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** How long a server that could not be reached, or did not say what its tools are, is not asked again. */
const COOLDOWN_MS = 5_000;
const CALL_TIMEOUT_MS = 300_000;

export class McpConnection {
  #client: Promise<Client> | undefined;
  #tools: Promise<readonly Tool[]> | undefined;
  readonly #connecting = new Cooldown(COOLDOWN_MS, systemClock);
  readonly #listing = new Cooldown(COOLDOWN_MS, systemClock);

  constructor(private readonly server: McpServer) {}

  /** Asked for once, until the server says that they have changed; after a failure not for a while. */
  tools(): Promise<readonly Tool[]> {
    const list = (): Promise<readonly Tool[]> => this.#on((client) => allTools(client));
    this.#tools ??= this.#listing.run(list).catch((error: unknown) => {
      this.#tools = undefined;
      throw error;
    });
    return this.#tools;
  }

  call(
    name: string,
    input: Record<string, unknown>,
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<CallToolResult> {
    const call = { name, arguments: input, _meta: { 'continuo/idempotencyKey': idempotencyKey } };
    const options = { signal, timeout: CALL_TIMEOUT_MS };
    return this.#on(async (client) => (await client.callTool(call, undefined, options)) as CallToolResult);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#forget(client);
    await (await client?.catch(() => undefined))?.close();
  }

  /** A server that was started again knows nothing of the session, and has done nothing of what it was asked. */
  async #on<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    const client = this.#connected();
    try {
      return await work(await client);
    } catch (error) {
      if (!(error instanceof StreamableHTTPError) || (error.code !== 404 && error.code !== 400)) throw error;
      this.#forget(client);
      await (await client).close();
      return work(await this.#connected());
    }
  }

  #connected(): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const open = (): Promise<Client> =>
      connect(this.server, {
        closed: () => this.#forget(client),
        changed: () => {
          this.#tools = undefined;
        },
      });
    const client = this.#connecting.run(open).catch((error: unknown) => {
      this.#forget(client);
      throw error;
    });
    this.#client = client;
    return client;
  }

  /** Unless there is another connection already. */
  #forget(client: Promise<Client> | undefined): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#tools = undefined;
  }
}

async function connect(
  server: McpServer,
  { closed, changed }: { readonly closed: () => void; readonly changed: () => void },
): Promise<Client> {
  const client = new Client({ name: 'continuo', version: '1' });
  Object.assign(client, { onclose: closed });
  client.setNotificationHandler(ToolListChangedNotificationSchema, changed);
  try {
    await client.connect(transportTo(server), { timeout: CONNECT_TIMEOUT_MS });
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}

async function allTools(client: Client): Promise<readonly Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout: CONNECT_TIMEOUT_MS });
    for (const tool of page.tools) tools.push(tool);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}
