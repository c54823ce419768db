/** The statistics of the overview, read again while things happen. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { call } from '../../api/client.js';
import { feed } from '../../api/feed.js';
import { usualRange, type OverviewSearch } from './overview-search.js';

/** At the earliest; and so that the server spends at most a twentieth of its time on one open page. */
const AGAIN_MS = 3_000;
const AGAIN_SHARE = 20;
/** The time goes on, even if nothing happens. */
const ANYWAY_MS = 60_000;

export function useStatistics({ hours = usualRange, agent }: OverviewSearch) {
  const tookMs = useRef(0);
  const query = useQuery({
    queryKey: ['statistics', hours, agent ?? ''],
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const statistics = await call('readStatistics', { query: { hours, agent } }, signal);
      tookMs.current = performance.now() - begun;
      return statistics;
    },
    placeholderData: (before) => before,
    refetchInterval: ANYWAY_MS,
  });
  const { refetch } = query;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = feed.subscribe(() => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          // A page that comes back into view is read again by itself.
          if (document.visibilityState === 'visible') void refetch();
        },
        Math.max(AGAIN_MS, AGAIN_SHARE * tookMs.current),
      );
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [refetch]);
  return query;
}
