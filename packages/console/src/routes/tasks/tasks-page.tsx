/** The live list of tasks, with filters that stay in the address. */
import './tasks.css';
import { Button, Group, Kbd, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty } from '../../components/conditions.js';
import { ListNotices } from '../../components/list-notices.js';
import { Paged, readOn } from '../../components/paged.js';
import { useShortcutsOn } from '../../shell/shortcuts.js';
import { texts } from '../../texts.js';
import { taskListTexts } from '../../texts/task-list.js';
import { BulkActions } from './bulk-actions.js';
import { FilterBar } from './filter-bar.js';
import { isFiltered, toTaskFilters, type TaskFilters } from './filters.js';
import { taskPages } from './task-queries.js';
import { TaskRows } from './task-rows.js';

const route = getRouteApi('/tasks');

const NONE: ReadonlySet<string> = new Set();

/** Of all that match, those that are not loaded yet are selected as well. */
interface Selection {
  readonly ids: ReadonlySet<string>;
  /** The filters that all match of which; undefined where each was selected by itself. */
  readonly allOf: string | undefined;
}

export function TasksPage() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [on] = useShortcutsOn();
  const [selection, setSelection] = useState<Selection>({ ids: NONE, allOf: undefined });
  const pages = useInfiniteQuery(taskPages(filters));
  const tasks = pages.data?.pages.flatMap((page) => page.tasks) ?? [];
  const total = pages.data?.pages[0]?.totalSize;
  const [newest, setNewest] = useState(0);
  const show = (search: TaskFilters): void => void navigate({ search, replace: true });
  const { order: _order, ...which } = filters;
  const meant = JSON.stringify(which);
  const all = selection.allOf === meant;
  const selected = all ? new Set(tasks.map(({ id }) => id)) : selection.ids;
  const chosen = tasks.filter(({ id }) => selected.has(id));
  const { keys } = taskListTexts;
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md" h="calc(100dvh - var(--app-shell-header-height))">
      <Group justify="space-between" align="baseline">
        <Title order={1}>{texts.pages.tasks}</Title>
        <Group gap="md">
          {on && tasks.length > 0 ? (
            <Text size="xs" c="dimmed" visibleFrom="sm">
              <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> {keys.move} · <Kbd size="xs">x</Kbd> {keys.selects} ·{' '}
              <Kbd size="xs">{texts.shortcuts.keyNames.enter}</Kbd> {keys.opens}
            </Text>
          ) : null}
          <Text size="sm" c="dimmed" className="numbers" role="status">
            {total === undefined ? '' : texts.tasks.total(total)}
          </Text>
        </Group>
      </Group>
      <FilterBar filters={filters} onChange={show} />
      <ListNotices list={pages} queryKey={taskPages(filters).queryKey} onShow={() => setNewest(newest + 1)} />
      <div
        className="panel"
        style={{ flex: 1, minHeight: 240, overflow: 'hidden', display: 'flex', flexDirection: 'column' }}
      >
        <Paged
          list={pages}
          count={tasks.length}
          empty={
            isFiltered(filters) ? (
              <Empty title={taskListTexts.noMatch}>
                <Button variant="default" onClick={() => void navigate({ search: {} })}>
                  {taskListTexts.clear}
                </Button>
              </Empty>
            ) : (
              <Empty title={taskListTexts.none} hint={texts.tasks.noneHint} />
            )
          }
        >
          <TaskRows
            key={newest}
            tasks={tasks}
            order={filters.order}
            onOrder={(order) => show(toTaskFilters({ ...filters, order }))}
            selected={selected}
            onSelect={(ids) => setSelection({ ids, allOf: undefined })}
            onEnd={() => readOn(pages)}
          />
        </Paged>
        {chosen.length === 0 ? null : (
          <BulkActions
            tasks={chosen}
            all={all}
            filters={filters}
            total={total ?? chosen.length}
            onAll={() => setSelection({ ids: NONE, allOf: meant })}
            onDone={() => setSelection({ ids: NONE, allOf: undefined })}
          />
        )}
      </div>
    </Stack>
  );
}
