/** States, agent, time, search and saved views above the list of tasks. */
import { Box, Button, CloseButton, Group, Menu, Popover, Select, Switch, TextInput } from '@mantine/core';
import { IconBookmark, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTyped } from '../../components/use-typed.js';
import { texts } from '../../texts.js';
import { taskListTexts } from '../../texts/task-list.js';
import { OrderButton } from './order-button.js';
import { isFiltered, toTaskFilters, type TaskFilters } from './filters.js';
import { useSavedViews } from './saved-views.js';
import { StateChips } from './state-chips.js';
import { agentList } from './task-queries.js';
import { TimeRange } from './time-range.js';

interface FilterBarProps {
  readonly filters: TaskFilters;
  readonly onChange: (filters: TaskFilters) => void;
}

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const agents = useQuery(agentList);
  const names = agents.data?.agents.map(({ card }) => card.name) ?? [];
  const change = (part: Record<string, unknown>): void => onChange(toTaskFilters({ ...filters, ...part }));
  return (
    <>
      <Group gap="xs">
        <Search q={filters.q ?? ''} onSearch={(q) => change({ q })} />
        <Select
          aria-label={texts.tasks.agent}
          placeholder={taskListTexts.anyAgent}
          data={filters.agent === undefined || names.includes(filters.agent) ? names : [filters.agent, ...names]}
          value={filters.agent ?? null}
          onChange={(agent) => change({ agent })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': taskListTexts.clear }}
          style={{ flex: '1 1 150px', maxWidth: 220 }}
        />
        <TimeRange filters={filters} onChange={onChange} />
        {filters.sessionId === undefined ? null : (
          <Button
            variant="default"
            rightSection={<IconX size={14} aria-hidden />}
            onClick={() => change({ sessionId: undefined })}
          >
            {taskListTexts.session}
          </Button>
        )}
        <Box hiddenFrom="sm" fz="sm" c="dimmed">
          <OrderButton order={filters.order} onChange={(order) => change({ order })} />
        </Box>
        <Switch
          size="sm"
          label={taskListTexts.children}
          title={taskListTexts.childrenHint}
          checked={filters.children !== undefined}
          onChange={(event) => change({ children: event.currentTarget.checked ? true : undefined })}
        />
        <Views filters={filters} onChange={onChange} />
      </Group>
      <StateChips filters={filters} onChange={onChange} />
    </>
  );
}

function Search({ q, onSearch }: { readonly q: string; readonly onSearch: (q: string) => void }) {
  const [text, say] = useTyped(q, onSearch);
  return (
    <TextInput
      data-search
      aria-label={taskListTexts.search}
      placeholder={taskListTexts.search}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === '' ? null : <CloseButton size="sm" aria-label={taskListTexts.clear} onClick={() => say('')} />
      }
      value={text}
      onChange={(event) => say(event.currentTarget.value)}
      style={{ flex: '2 1 240px', maxWidth: 380 }}
    />
  );
}

function Views({ filters, onChange }: FilterBarProps) {
  const { views, save, remove } = useSavedViews();
  const [name, setName] = useState('');
  return (
    <>
      {views.length === 0 ? null : (
        <Menu>
          <Menu.Target>
            <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />}>
              {taskListTexts.views}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {views.map((view) => (
              <Group key={view.name} gap={0} wrap="nowrap" role="presentation">
                <Menu.Item onClick={() => onChange(view.filters)}>{view.name}</Menu.Item>
                <Menu.Item
                  w="auto"
                  aria-label={taskListTexts.removeView(view.name)}
                  closeMenuOnClick={false}
                  onClick={() => remove(view.name)}
                >
                  <IconX size={14} aria-hidden />
                </Menu.Item>
              </Group>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {isFiltered(filters) || filters.order !== undefined || filters.children !== undefined ? (
        <Popover trapFocus>
          <Popover.Target>
            <Button variant="subtle" color="gray" c="dimmed">
              {taskListTexts.saveView}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (name.trim() === '') return;
                save(name.trim(), filters);
                setName('');
              }}
            >
              <Group gap="xs" align="flex-end">
                <TextInput
                  label={taskListTexts.viewName}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <Button type="submit">{taskListTexts.save}</Button>
              </Group>
            </form>
          </Popover.Dropdown>
        </Popover>
      ) : null}
    </>
  );
}
