/** How the ownership walk visits the routes of those who run the server. */
import { get, own, post, type Visit } from './visits.js';

const NOWHERE = 'https://agents.example/card.json';

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
  'GET /external-agents': own(
    'admin',
    get(() => '/external-agents'),
  ),
  'POST /external-agents': own(
    'admin',
    post(
      () => '/external-agents',
      () => ({ name: 'x', url: NOWHERE }),
    ),
  ),
  'POST /external-agents/check': own(
    'admin',
    post(
      () => '/external-agents/check',
      () => ({ url: NOWHERE }),
    ),
  ),
  'POST /page-text': own(
    'write',
    post(
      () => '/page-text',
      () => ({ url: NOWHERE }),
    ),
  ),
  'GET /external-agents/:name/card': own(
    'admin',
    get(() => '/external-agents/none/card'),
  ),
  'POST /external-agents/:name/card': own(
    'admin',
    post(
      () => '/external-agents/none/card',
      () => ({ digest: '0'.repeat(64) }),
    ),
  ),
  'DELETE /external-agents/:name': own('admin', () => ({ method: 'DELETE', path: '/external-agents/none' })),
};
