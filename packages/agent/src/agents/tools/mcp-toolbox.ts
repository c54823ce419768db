/** What an agent has of MCP servers: their tools, and what it reads of them in code. */
import type { ApprovalPatterns, McpServer } from '../../platform/mcp-server.js';
import type { Part } from '../../sessions/message.js';
import type { AgentTool } from './tool.js';

/** A resource that an MCP server lists: something that can be read under its URI. */
export interface McpResource {
  readonly uri: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
}

/** Of resources whose URIs are made by RFC 6570 from what the caller fills in. */
export interface McpResourceTemplate extends Omit<McpResource, 'uri'> {
  readonly uriTemplate: string;
}

/** A prompt that an MCP server offers, and the arguments that it takes. */
export interface McpPrompt {
  readonly name: string;
  readonly description?: string | undefined;
  readonly arguments?: readonly {
    readonly name: string;
    readonly description?: string | undefined;
    readonly required?: boolean | undefined;
  }[];
}

/** A message of a prompt whose arguments are filled in. */
export interface McpPromptMessage {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly Part[];
}

/**
 * Those of CONTINUO_MCP_SERVERS by name, with `approve` to have people asked about more of its tools than the configuration
 * says; or a server of the agent's own.
 */
export type McpSelection = 'all' | readonly (string | ConfiguredServer | NamedServer)[];

/** One of CONTINUO_MCP_SERVERS. */
export interface ConfiguredServer {
  readonly name: string;
  readonly approve: ApprovalPatterns;
}

/** An MCP server of the agent's own: where it is, and the name that its tools begin with. */
export type NamedServer = McpServer & { readonly name: string };

/** What an agent reads of an MCP server in code, in a step: `task.step('read', async () => (await this.mcpServer('docs')).readResource(uri))`. */
export interface McpAccess {
  /** All that the server lists. Throws an Error when it doesn't. */
  resources(): Promise<readonly McpResource[]>;
  /** Empty when the server knows of none. */
  resourceTemplates(): Promise<readonly McpResourceTemplate[]>;
  /** Its contents: text, or files with their content in base64 (`raw`). Throws an Error when there is none. */
  readResource(uri: string): Promise<readonly Part[]>;
  /** All that the server lists. Throws an Error when it doesn't. */
  prompts(): Promise<readonly McpPrompt[]>;
  /** Its messages, made with `values` for the prompt's arguments. Throws an Error when there is none, or a value is missing. */
  prompt(name: string, values?: Readonly<Record<string, string>>): Promise<readonly McpPromptMessage[]>;
}

/** The MCP servers that there are. */
export interface McpToolbox {
  /** Tools by the name that the model is told, `<server>_<tool>`. A server that can't be reached has none. */
  of(selection: McpSelection): Promise<Readonly<Record<string, AgentTool>>>;
  /** A server of the configuration, or one in `selection`. Throws TerminalError for one that is in neither. */
  server(name: string, selection: McpSelection): Promise<McpAccess>;
}
