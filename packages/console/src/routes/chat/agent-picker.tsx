/** To whom a message goes. */
import { Select } from '@mantine/core';
import { texts } from '../../texts.js';
import { AgentOption, useAgentOptions } from './agent-options.js';

interface AgentPickerProps {
  readonly agent: string;
  readonly onAgent: (agent: string) => void;
}

export function AgentPicker({ agent, onAgent }: AgentPickerProps) {
  const { names, describe, fits } = useAgentOptions();
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
      filter={({ options, search }) =>
        options.filter((option) => !('value' in option) || fits(option.value, search.trim()))
      }
      renderOption={({ option }) => <AgentOption name={option.value} description={describe(option.value)} />}
      comboboxProps={{ withinPortal: false, position: 'top-start', width: 340 }}
    />
  );
}
