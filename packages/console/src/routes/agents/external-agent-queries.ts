/** Reading the agents of other servers, for administrators. */
import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import type { ExternalAgent } from '@continuo/client';
import { caller } from '../../api/caller.js';
import { call } from '../../api/client.js';
import { agentList } from '../tasks/task-queries.js';

const externalAgents = queryOptions({
  queryKey: ['external-agents'],
  queryFn: ({ signal }) => call('listExternalAgents', {}, signal),
  // Who may not has nothing of it.
  retry: false,
});

/** Undefined until they are read, and for who may not connect any: they are not asked for. */
export function useExternalAgents(wanted = true): readonly ExternalAgent[] | undefined {
  const isAdmin = useQuery(caller).data?.scopes.includes('admin') ?? false;
  return useQuery({ ...externalAgents, enabled: isAdmin && wanted }).data?.agents;
}

/** After one has come or gone, or its card was looked at. */
export async function readAgentsAnew(client: QueryClient): Promise<void> {
  await Promise.all([externalAgents, agentList].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
}
