/** Servers of the Model Context Protocol, as CONTINUO_MCP_SERVERS writes them. */
import { z } from 'zod';
import { jsonIn } from './json-object.js';
import { webUrl } from './web-url.js';

const url = z.string().refine((value) => webUrl(value) !== undefined);
const words = z.record(z.string(), z.string());
const oauthSchema = z
  .strictObject({
    clientId: z.string().min(1),
    clientSecret: z.string().min(1).optional(),
    refreshToken: z.string().min(1).optional(),
    scope: z.string().min(1).optional(),
    tokenUrl: url.optional(),
    issuer: url.optional(),
  })
  .refine(({ clientSecret, refreshToken }) => clientSecret !== undefined || refreshToken !== undefined);
/** Which tools people are asked about before they run: all, none, or those that a pattern fits (`*` is any characters). */
export const approvalsSchema = z.union([z.enum(['always', 'never']), z.array(z.string().min(1))]);

export type ApprovalPatterns = 'always' | 'never' | readonly string[];

const uses = {
  resources: z.boolean().optional(),
  prompts: z.boolean().optional(),
  approve: approvalsSchema.optional(),
};
const serverSchema = z.union([
  z.strictObject({ url, headers: words.optional(), oauth: oauthSchema.optional(), ...uses }),
  z.strictObject({ command: z.string().min(1), args: z.array(z.string()).optional(), env: words.optional(), ...uses }),
]);
const serversSchema = z.record(z.string().regex(/^[\w-]+$/), serverSchema);

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

export interface RemoteMcpServer extends McpUses {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly oauth?: McpOAuth | undefined;
}

export interface LocalMcpServer extends McpUses {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Beside PATH, HOME and the like; nothing else of this server's environment is handed on. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** One that is reached over streamable HTTP, or a program that speaks on its standard input and output. */
export type McpServer = RemoteMcpServer | LocalMcpServer;

/** JSON of servers by name, or `name=url` separated by commas. Undefined for what is neither. */
export function parseMcpServers(text: string): Readonly<Record<string, McpServer>> | undefined {
  const parsed = serversSchema.safeParse(text.trimStart().startsWith('{') ? jsonIn(text) : pairsOf(text));
  return parsed.success ? parsed.data : undefined;
}

/** All that nobody else may see of how a server is reached: headers, environment, credentials. */
export function secretsOfServer(server: McpServer): readonly string[] {
  if (!('url' in server)) return Object.values(server.env ?? {});
  const { clientSecret, refreshToken } = server.oauth ?? {};
  return [...Object.values(server.headers ?? {}), clientSecret, refreshToken].filter((secret) => secret !== undefined);
}

function pairsOf(text: string): unknown {
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), { url: pair.slice(at + 1).trim() }];
  });
  return Object.fromEntries(pairs) as unknown;
}
