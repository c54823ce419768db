/** Where instances tell each other of webhooks: their ids, with commas between them. */

export const WEBHOOKS_CHANNEL = 'continuo_webhooks';
/** Stands before the id of a webhook that is told otherwise from now on, or not at all. */
export const CHANGED = '!';
/** To be returned by a statement that changes webhooks: tells whoever delivers to them. */
export const tellsOfChange = `pg_notify('${WEBHOOKS_CHANNEL}', '${CHANGED}' || id)`;
