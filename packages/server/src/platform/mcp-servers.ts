/** Servers of the Model Context Protocol, as CONTINUO_MCP_SERVERS writes them. */
import { z } from 'zod';

const url = z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));
const words = z.record(z.string(), z.string());
const serverSchema = z.union([
  z.strictObject({ url, headers: words.optional() }),
  z.strictObject({ command: z.string().min(1), args: z.array(z.string()).optional(), env: words.optional() }),
]);
const serversSchema = z.record(z.string().regex(/^[\w-]+$/), serverSchema);

/** One that is reached over streamable HTTP, or a program that speaks on its standard input and output. */
export type McpServer =
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> | undefined }
  | {
      readonly command: string;
      readonly args?: readonly string[] | undefined;
      /** Beside PATH, HOME and the like; nothing else of this server's environment is handed on. */
      readonly env?: Readonly<Record<string, string>> | undefined;
    };

/** JSON of servers by name, or `name=url` separated by commas. Undefined for what is neither. */
export function parseMcpServers(text: string): Readonly<Record<string, McpServer>> | undefined {
  const parsed = serversSchema.safeParse(text.trimStart().startsWith('{') ? jsonOf(text) : pairsOf(text));
  return parsed.success ? parsed.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function pairsOf(text: string): unknown {
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), { url: pair.slice(at + 1).trim() }];
  });
  return Object.fromEntries(pairs) as unknown;
}
