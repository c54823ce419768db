/** The statistics of the overview, read again while things happen. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.js';
import { feed } from '../../api/feed.js';
import { Pace } from '../../api/pace.js';
import { usualRange, type OverviewSearch } from './overview-search.js';

/** At the earliest. */
const AGAIN_MS = 3_000;
/** One open page takes at most a twentieth of the server's time. */
const PACE = { share: 20, mostMs: 30_000 };
/** The time goes on, even if nothing happens. */
const ANYWAY_MS = 60_000;

export function useStatistics({ hours = usualRange, agent }: OverviewSearch) {
  const [pace] = useState(() => new Pace(PACE));
  const query = useQuery({
    queryKey: ['statistics', hours, agent ?? ''],
    queryFn: ({ signal }) => pace.time(() => call('readStatistics', { query: { hours, agent } }, signal)),
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
        Math.max(AGAIN_MS, pace.waitMs),
      );
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [refetch, pace]);
  return query;
}
