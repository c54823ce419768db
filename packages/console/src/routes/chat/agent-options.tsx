/** The agents that a message can go to, found by their names or by what they do. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { agentList } from '../tasks/task-queries.js';

export interface AgentOptions {
  readonly names: readonly string[];
  readonly describe: (name: string) => string | undefined;
  /** Whether each of the words is in its name or description. */
  readonly fits: (name: string, words: string) => boolean;
}

export function useAgentOptions(): AgentOptions {
  const agents = useQuery(agentList);
  const shown = agents.data?.agents.filter(({ internal }) => !internal) ?? [];
  const described = new Map(shown.map(({ card }) => [card.name, card.description]));
  const fits: AgentOptions['fits'] = (name, words) => {
    const about = `${name} ${described.get(name) ?? ''}`.toLowerCase();
    return words
      .toLowerCase()
      .split(/\s+/)
      .every((word) => about.includes(word));
  };
  return { names: [...described.keys()], describe: (name) => described.get(name), fits };
}

interface AgentOptionProps {
  readonly name: string;
  readonly description: string | undefined;
}

export function AgentOption({ name, description }: AgentOptionProps) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm">{name}</Text>
      <Text size="xs" className="agent-about" lineClamp={1} aria-hidden>
        {description}
      </Text>
    </div>
  );
}
