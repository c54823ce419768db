/** The live list of tasks, with filters that stay in the address. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty } from '../../components/conditions.js';
import { ListNotices } from '../../components/list-notices.js';
import { Paged, readOn } from '../../components/paged.js';
import { texts } from '../../texts.js';
import { BulkActions } from './bulk-actions.js';
import { FilterBar } from './filter-bar.js';
import { isFiltered, toTaskFilters, type TaskFilters } from './filters.js';
import { taskPages } from './task-queries.js';
import { TaskRows } from './task-rows.js';

const route = getRouteApi('/tasks');

export function TasksPage() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const pages = useInfiniteQuery(taskPages(filters));
  const tasks = pages.data?.pages.flatMap((page) => page.tasks) ?? [];
  const total = pages.data?.pages[0]?.totalSize;
  const [newest, setNewest] = useState(0);
  const show = (search: TaskFilters): void => void navigate({ search, replace: true });
  const chosen = tasks.filter(({ id }) => selected.has(id));
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md" h="calc(100dvh - var(--app-shell-header-height))">
      <Group justify="space-between" align="baseline">
        <Title order={1}>{texts.pages.tasks}</Title>
        <Text size="sm" c="dimmed" className="numbers" role="status">
          {total === undefined ? '' : texts.tasks.total(total)}
        </Text>
      </Group>
      <FilterBar filters={filters} onChange={show} />
      {chosen.length === 0 ? null : <BulkActions tasks={chosen} onDone={() => setSelected(new Set())} />}
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
              <Empty title={texts.tasks.noMatch}>
                <Button variant="default" onClick={() => void navigate({ search: {} })}>
                  {texts.tasks.clear}
                </Button>
              </Empty>
            ) : (
              <Empty title={texts.tasks.none} hint={texts.tasks.noneHint} />
            )
          }
        >
          <TaskRows
            key={newest}
            tasks={tasks}
            order={filters.order}
            onOrder={(order) => show(toTaskFilters({ ...filters, order }))}
            selected={selected}
            onSelect={setSelected}
            onEnd={() => readOn(pages)}
          />
        </Paged>
      </div>
    </Stack>
  );
}
