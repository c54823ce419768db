/** How the ownership walk visits the routes of those who run the server. */
import { get, own, type Visit } from './visits.js';

export const operatorVisits: Readonly<Record<string, Visit>> = {
  'GET /metrics': own(
    'admin',
    get(() => '/metrics'),
  ),
  'GET /audit': own(
    'admin',
    get(() => '/audit'),
  ),
  'GET /audit/export': own(
    'admin',
    get(() => '/audit/export'),
  ),
};
