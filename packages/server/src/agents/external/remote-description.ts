/** What is taken over from a remote agent's card; what a card lacks or gets wrong is left out. */
import { z } from 'zod';
import { skillSchema, type AgentDescription } from '@continuo/agent/internal/agents/a2a-agent.js';

const text = z.string().min(1).optional().catch(undefined);
const modes = z.array(z.string()).nonempty().optional().catch(undefined);

const cardSchema = z.object({
  description: text,
  version: text,
  skills: z.array(skillSchema.optional().catch(undefined)).optional().catch(undefined),
  defaultInputModes: modes,
  defaultOutputModes: modes,
});

export function descriptionOf(card: unknown): Partial<AgentDescription> {
  const { description, version, skills, defaultInputModes, defaultOutputModes } = cardSchema.parse(card);
  return {
    ...(description === undefined ? {} : { description }),
    ...(version === undefined ? {} : { version }),
    ...(skills === undefined ? {} : { skills: skills.filter((skill) => skill !== undefined) }),
    ...(defaultInputModes === undefined ? {} : { inputModes: defaultInputModes }),
    ...(defaultOutputModes === undefined ? {} : { outputModes: defaultOutputModes }),
  };
}
