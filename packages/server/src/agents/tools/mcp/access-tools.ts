/** Tools by which a model reads the resources and prompts of an MCP server, where the configuration says that it may. */
import { z } from 'zod';
import { inWords } from '@continuo/agent/internal/agents/models/prompt.js';
import { outputOf } from '@continuo/agent/internal/agents/tools/result-files.js';
import { tool, type AgentTool } from '@continuo/agent/internal/agents/tools/tool.js';
import type { McpServer } from '@continuo/agent/internal/platform/mcp-server.js';
import { McpAccess } from './access.js';
import type { McpConnection } from './connection.js';

/** By their names within the server. */
export function accessTools(
  connection: McpConnection,
  { resources = false, prompts = false }: Pick<McpServer, 'resources' | 'prompts'>,
): readonly (readonly [name: string, tool: AgentTool])[] {
  const { name } = connection;
  return [...(resources ? resourceTools(connection, name) : []), ...(prompts ? promptTools(connection, name) : [])];
}

function resourceTools(connection: McpConnection, server: string): readonly (readonly [string, AgentTool])[] {
  return [
    [
      'list_resources',
      tool({
        description: `Lists what there is to read at ${server}: resources by their URIs, and templates of URIs.`,
        input: z.object({}),
        run: async (_, { signal }) => {
          const access = new McpAccess(connection, signal);
          const [resources, templates] = await Promise.all([access.resources(), access.resourceTemplates()]);
          return { resources, ...(templates.length === 0 ? {} : { templates }) };
        },
      }),
    ],
    [
      'read_resource',
      tool({
        description: `Reads a resource of ${server}.`,
        input: z.object({ uri: z.string().describe('As it is listed, or made from a template.') }),
        run: async ({ uri }, { signal }) => {
          const parts = await new McpAccess(connection, signal).readResource(uri);
          return outputOf(parts.map(inWords).join('\n'), parts);
        },
      }),
    ],
  ];
}

function promptTools(connection: McpConnection, server: string): readonly (readonly [string, AgentTool])[] {
  return [
    [
      'list_prompts',
      tool({
        description: `Lists the prompts that ${server} has ready, with their arguments.`,
        input: z.object({}),
        run: (_, { signal }) => new McpAccess(connection, signal).prompts(),
      }),
    ],
    [
      'get_prompt',
      tool({
        description: `Gets a prompt of ${server}, made with the arguments.`,
        input: z.object({ name: z.string(), arguments: z.record(z.string(), z.string()).default({}) }),
        run: async ({ name, arguments: values }, { signal }) => {
          const messages = await new McpAccess(connection, signal).prompt(name, values);
          return messages.map(({ role, parts }) => `${role}: ${parts.map(inWords).join('\n')}`).join('\n\n');
        },
      }),
    ],
  ];
}
