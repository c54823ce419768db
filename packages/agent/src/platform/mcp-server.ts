/** Servers of the Model Context Protocol, and which of their tools people are asked about. */

/** Which tools people are asked about: all, none, or those of these names, as the server has them; `delete_*` is all that begin with that. */
export type ApprovalPatterns = 'always' | 'never' | readonly string[];

/**
 * How the server gets tokens for an MCP server by itself, without a person: with a client secret (client credentials), or
 * with a refresh token that somebody has obtained for it.
 */
export interface McpOAuth {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly refreshToken?: string | undefined;
  /** Scopes, separated by blanks. */
  readonly scope?: string | undefined;
  /** Default: the MCP server says which authorization server it trusts, and that where tokens are given out. */
  readonly tokenUrl?: string | undefined;
  /** The authorization server that the credentials are of: no other one is shown them. Default: the one that is found. */
  readonly issuer?: string | undefined;
}

/** What of a server the model is offered beside its tools. */
interface McpUses {
  /** Tools to list and read the server's resources. Default false. */
  readonly resources?: boolean | undefined;
  /** Tools to list and get the server's prompts. Default false. */
  readonly prompts?: boolean | undefined;
  /**
   * Whether a person is asked before a tool of it runs: `always`, `never` (the default), or the names of those for which it
   * is so, as the server has them; `delete_*` is all that begin with that.
   */
  readonly approve?: ApprovalPatterns | undefined;
}

/** An MCP server that is reached over streamable HTTP. */
export interface RemoteMcpServer extends McpUses {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly oauth?: McpOAuth | undefined;
}

/** An MCP server that is a program: it is started, and speaks on its standard input and output. */
export interface LocalMcpServer extends McpUses {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Beside PATH, HOME and the like; nothing else of this server's environment is handed on. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** One that is reached over streamable HTTP, or a program that speaks on its standard input and output. */
export type McpServer = RemoteMcpServer | LocalMcpServer;
