/** Filters that people keep under a name, in this browser. */
import { useLocalStorage } from '@mantine/hooks';
import type { TaskFilters } from './filters.js';

export interface SavedView {
  readonly name: string;
  readonly filters: TaskFilters;
}

export function useSavedViews() {
  const [views, setViews] = useLocalStorage<readonly SavedView[]>({ key: 'continuo-task-views', defaultValue: [] });
  return {
    views,
    save: (name: string, filters: TaskFilters) =>
      setViews((before) => [...before.filter((view) => view.name !== name), { name, filters }]),
    remove: (name: string) => setViews((before) => before.filter((view) => view.name !== name)),
  };
}
