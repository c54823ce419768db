/** Servers of the Model Context Protocol, as CONTINUO_MCP_SERVERS writes them. */
import { z } from 'zod';
import { jsonIn } from '@continuo/agent/internal/platform/json-object.js';
import type { McpServer } from '@continuo/agent/internal/platform/mcp-server.js';
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

/** JSON of servers by name, or `name=url` separated by commas. Undefined for what is neither, and for two of one name. */
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
  return new Set(pairs.map(([name]) => name)).size === pairs.length ? Object.fromEntries(pairs) : undefined;
}
