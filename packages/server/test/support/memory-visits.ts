/** How the ownership walk visits the routes of memories. */
import { get, list, one, own, post, type Visit } from './visits.js';

export const memoryVisits: Readonly<Record<string, Visit>> = {
  'GET /memories': list(
    'read',
    get(() => '/memories?q=secret'),
  ),
  'POST /memories': own(
    'write',
    post(
      () => '/memories',
      () => ({ agent: 'test/waiting', text: 'Likes tea.' }),
    ),
  ),
  'GET /memories/export': list(
    'read',
    get(() => '/memories/export'),
  ),
  'PATCH /memories/:id': one('write', ({ memoryId }) => ({
    method: 'PATCH',
    path: `/memories/${memoryId}`,
    body: { text: 'taken' },
  })),
  'DELETE /memories/:id': one('write', ({ memoryId }) => ({ method: 'DELETE', path: `/memories/${memoryId}` })),
};
