/** How the ownership walk visits the routes of webhooks and their deliveries. */
import { HOOK } from './strangers.js';
import { get, list, one, own, post, type Visit } from './visits.js';

export const webhookVisits: Readonly<Record<string, Visit>> = {
  'GET /webhooks': list(
    'read',
    get(() => '/webhooks'),
  ),
  'POST /webhooks': own(
    'write',
    post(
      () => '/webhooks',
      () => ({ url: HOOK }),
    ),
  ),
  'GET /webhooks/:id': one(
    'read',
    get(({ webhookId }) => `/webhooks/${webhookId}`),
  ),
  'PATCH /webhooks/:id': one('write', ({ webhookId }) => ({
    method: 'PATCH',
    path: `/webhooks/${webhookId}`,
    body: { description: 'taken' },
  })),
  'DELETE /webhooks/:id': one('write', ({ webhookId }) => ({ method: 'DELETE', path: `/webhooks/${webhookId}` })),
  'POST /webhooks/:id\\:rotate': one(
    'write',
    post(({ webhookId }) => `/webhooks/${webhookId}:rotate`),
  ),
  'POST /webhooks/:id\\:pause': one(
    'write',
    post(({ webhookId }) => `/webhooks/${webhookId}:pause`),
  ),
  'POST /webhooks/:id\\:resume': one(
    'write',
    post(({ webhookId }) => `/webhooks/${webhookId}:resume`),
  ),
  'POST /webhooks/:id\\:test': one(
    'write',
    post(({ webhookId }) => `/webhooks/${webhookId}:test`),
  ),
  'GET /webhooks/deliveries': list(
    'read',
    get(({ webhookId }) => `/webhooks/deliveries?endpoint=${webhookId}`),
  ),
  'GET /webhooks/deliveries/:id': one(
    'read',
    get(({ deliveryId }) => `/webhooks/deliveries/${deliveryId}`),
  ),
  'GET /webhooks/deliveries/:id/request': one(
    'write',
    get(({ deliveryId }) => `/webhooks/deliveries/${deliveryId}/request`),
  ),
  'POST /webhooks/deliveries/:id\\:redeliver': one(
    'write',
    post(({ deliveryId }) => `/webhooks/deliveries/${deliveryId}:redeliver`),
  ),
  'POST /webhooks/deliveries\\:redeliver': one(
    'write',
    post(
      () => '/webhooks/deliveries:redeliver',
      ({ webhookId }) => ({ endpoint: webhookId }),
    ),
  ),
};
