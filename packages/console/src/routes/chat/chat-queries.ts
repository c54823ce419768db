/** The questions that a chat asks: what was said, and what became of it. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { byToken } from '../../api/pages.js';

/** Newest first. */
export function messagePages(sessionId: string) {
  return infiniteQueryOptions({
    queryKey: ['messages', sessionId],
    queryFn: ({ pageParam, signal }) => {
      const query = { order: 'desc', pageSize: 50, pageToken: pageParam } as const;
      return call('listMessages', { path: { id: sessionId }, query }, signal);
    },
    ...byToken,
  });
}

/** Its newest tasks, with what they made. */
export function sessionTasks(sessionId: string) {
  return queryOptions({
    queryKey: ['tasks', 'session', sessionId],
    queryFn: ({ signal }) => call('listTasks', { query: { sessionId, pageSize: 100, includeArtifacts: true } }, signal),
  });
}

export function oneSession(id: string) {
  return queryOptions({
    queryKey: ['sessions', 'one', id],
    queryFn: ({ signal }) => call('getSession', { path: { id } }, signal),
  });
}
