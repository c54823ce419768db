/** Whom a new conversation speaks to: the orchestrator where there is one, else the first agent that is there for people. */
import { useQuery } from '@tanstack/react-query';
import { agentList } from '../tasks/task-queries.js';

const ORCHESTRATOR = 'orchestrator/default';

export function useFirstAgent(): string {
  const { data } = useQuery(agentList);
  const names = data?.agents.filter(({ internal }) => !internal).map(({ card }) => card.name) ?? [];
  return names.includes(ORCHESTRATOR) ? ORCHESTRATOR : (names[0] ?? ORCHESTRATOR);
}
