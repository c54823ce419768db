/** Reading the agents of other servers, for administrators. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { agentList } from '../tasks/task-queries.js';

export const externalAgents = queryOptions({
  queryKey: ['external-agents'],
  queryFn: ({ signal }) => call('listExternalAgents', {}, signal),
  // Who may not has nothing of it.
  retry: false,
});

/** After one has come or gone, or its card was looked at. */
export async function readAgentsAnew(client: QueryClient): Promise<void> {
  await Promise.all([externalAgents, agentList].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
}
