/** How the ownership walk visits the routes that tell what tasks have done. */
import { get, one, own, type Visit } from './visits.js';

export const traceVisits: Readonly<Record<string, Visit>> = {
  'GET /tasks/:id/steps': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}/steps?results=true`),
  ),
  'GET /tasks/:id/trace': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}/trace`),
  ),
  'GET /tasks/:id/log': one(
    'read',
    get(({ taskId }) => `/tasks/${taskId}/log`),
  ),
  'GET /statistics/errors': own(
    'read',
    get(() => '/statistics/errors'),
  ),
  'GET /statistics': own(
    'read',
    get(() => '/statistics'),
  ),
};
