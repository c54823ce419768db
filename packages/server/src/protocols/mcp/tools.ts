/** `tools/list`: the agents that the caller may call, and the tool that answers what they ask. */
import type { RegisteredAgent } from '@continuo/agent/internal/agents/agent-registry.js';
import { agentsFor, anyCaller } from '../named-agent.js';
import { jsonSchema } from '../../platform/json-schema.js';
import { toolOf } from './agent-tools.js';
import { ANSWER_TOOL, answerArguments } from './answer-tool.js';
import type { McpCall } from './call.js';

const execution = { taskSupport: 'optional' } as const;

const answerTool = {
  name: ANSWER_TOOL,
  title: 'Answer an agent',
  description: 'Answers what an agent has asked, and waits for what the agent makes of it.',
  inputSchema: jsonSchema(answerArguments, 'input'),
  execution,
};

/** All on one page: there are no more than a server has agents. */
export function listTools({ request, parts: { registry } }: McpCall) {
  anyCaller(request, 'read');
  return { tools: [...agentsFor(request, registry).map(toTool), answerTool] };
}

function toTool(agent: RegisteredAgent) {
  const { displayName, iconUrl } = agent.description;
  const { name, inputSchema, outputSchema } = toolOf(agent);
  const title = displayName ?? agent.key;
  return {
    name,
    title,
    description: describe(agent),
    inputSchema,
    outputSchema,
    annotations: { title },
    execution,
    ...(iconUrl === undefined ? {} : { icons: [{ src: iconUrl }] }),
  };
}

/** Its skills belong to it: clients show a model this text alone. */
function describe({ description: { description, skills } }: RegisteredAgent): string {
  const lines = skills.map(({ name, description: what, examples: [example] }) => {
    const shown = example === undefined ? '' : ` For example: ${example}`;
    return `- ${name}: ${what}${shown}`;
  });
  return [description, ...lines].join('\n');
}
