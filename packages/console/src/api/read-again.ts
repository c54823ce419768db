/** Reads queries again that a change has made out of date, also those that are being read for the first time just then. */
import type { InvalidateQueryFilters, Query, QueryClient } from '@tanstack/react-query';

/**
 * `invalidateQueries`, without its gap: a first read that is under way is not begun anew, and what it brings, which may be
 * older than the change, would count as fresh.
 */
export async function readAgain(client: QueryClient, filters: InvalidateQueryFilters = {}): Promise<void> {
  const begun = new Set(client.getQueryCache().findAll(filters).filter(isFirstRead));
  await client.invalidateQueries(filters);
  if (begun.size > 0) await client.invalidateQueries({ ...filters, predicate: (query) => begun.has(query) });
}

function isFirstRead({ state }: Query): boolean {
  return state.fetchStatus !== 'idle' && state.data === undefined;
}
