/** To whom a message goes: agents by name or by what they do. */
import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { texts } from '../../texts.js';
import { agentList } from '../tasks/task-queries.js';

interface AgentPickerProps {
  readonly agent: string;
  readonly onAgent: (agent: string) => void;
}

export function AgentPicker({ agent, onAgent }: AgentPickerProps) {
  const agents = useQuery(agentList);
  const shown = agents.data?.agents.filter(({ internal }) => !internal) ?? [];
  const described = new Map(shown.map(({ card }) => [card.name, card.description]));
  const names = [...described.keys()];
  return (
    <Select
      aria-label={texts.chat.agent}
      size="xs"
      data={names.includes(agent) ? names : [agent, ...names]}
      value={agent}
      onChange={(next) => next !== null && onAgent(next)}
      searchable
      selectFirstOptionOnChange
      nothingFoundMessage={texts.palette.nothing}
      allowDeselect={false}
      maxDropdownHeight={320}
      filter={({ options, search }) => {
        const words = search.trim().toLowerCase().split(/\s+/);
        const fits = (name: string): boolean => {
          const about = `${name} ${described.get(name) ?? ''}`.toLowerCase();
          return words.every((word) => about.includes(word));
        };
        return options.filter((option) => !('value' in option) || fits(option.value));
      }}
      renderOption={({ option }) => (
        <div style={{ minWidth: 0 }}>
          <Text size="sm">{option.value}</Text>
          <Text size="xs" c="dimmed" lineClamp={1} aria-hidden>
            {described.get(option.value)}
          </Text>
        </div>
      )}
      comboboxProps={{ withinPortal: false, position: 'top-start', width: 340 }}
    />
  );
}
