/** How many tasks are in each state. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { toTaskQuery, type TaskFilters } from './filters.js';

/** Of those that the other filters let through. */
export function taskCounts({ state: _state, held: _held, order: _order, ...filters }: TaskFilters) {
  return queryOptions({
    queryKey: ['tasks', 'counts', filters],
    queryFn: ({ signal }) => {
      const { held: _none, ...query } = toTaskQuery(filters);
      return call('countTasks', { query }, signal);
    },
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}
