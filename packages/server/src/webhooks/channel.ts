/** The channel on which the statement that records deliveries says so (migration 0008). */

export const WEBHOOKS_CHANNEL = 'continuo_webhooks';
