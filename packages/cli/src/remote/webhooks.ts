/** The webhooks of a server. */
import type { Answer } from '@continuo/client';
import { allPages } from './all-pages.js';
import type { Server } from './server.js';

export type Webhook = Answer<'listWebhooks'>['webhooks'][number];

const MOST = 10_000;

/** Those of the caller. */
export function webhooksOf(server: Server): Promise<readonly Webhook[]> {
  return allPages('webhooks', MOST, (page) => server.call('listWebhooks', { query: page }));
}
