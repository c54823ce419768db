/** Tools that a request offers, in the form that OpenAI's APIs and AG-UI share. */
import { z } from 'zod';
import { clientToolSchema, clientToolsSchema } from '@continuo/agent/internal/agents/tools/client-tools.js';
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { CLIENT_TOOLS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { SendOptions } from '../calls/send-options.js';

const { name, description, inputSchema: parameters } = clientToolSchema.shape;

export const functionSchema = z.object({ name, description, parameters });

export type OfferedFunction = z.output<typeof functionSchema>;

/**
 * What goes with a call of the agent, which is there: nothing where it takes no tools of its clients, and `read` isn't
 * called then. Throws INVALID_ARGUMENT, naming the tool, and what `read` throws.
 */
export function offering(
  registry: AgentRegistry,
  agent: string,
  read: () => readonly OfferedFunction[],
): Pick<SendOptions, 'metadata'> {
  if (!registry.get(agent).description.clientTools) return {};
  const offered = read().map((tool) => ({
    name: tool.name,
    ...(tool.description == null ? {} : { description: tool.description }),
    ...(tool.parameters == null ? {} : { inputSchema: tool.parameters }),
  }));
  const tools = parse(clientToolsSchema, offered, 'tools');
  return tools.length === 0 ? {} : { metadata: { [CLIENT_TOOLS_EXTENSION]: { tools } } };
}
