/** How the ownership walk visits the routes of files. */
import { get, list, one, own, type Visit } from './visits.js';

export const fileVisits: Readonly<Record<string, Visit>> = {
  'POST /files': own('write', () => ({ method: 'POST', path: '/files', body: 'content' })),
  'GET /files': list(
    'read',
    get(({ sessionId }) => `/files?sessionId=${sessionId}`),
  ),
  'GET /files/:id': one(
    'read',
    get(({ fileId }) => `/files/${fileId}`),
  ),
  'PATCH /files/:id': one('write', ({ uploadId }) => ({
    method: 'PATCH',
    path: `/files/${uploadId}`,
    body: 1,
    headers: { 'content-type': 'application/partial-upload', 'upload-offset': '26', 'upload-complete': '?1' },
  })),
  'DELETE /files/:id': one('write', ({ fileId }) => ({ method: 'DELETE', path: `/files/${fileId}` })),
};
