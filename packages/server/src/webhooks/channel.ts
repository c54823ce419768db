/** The channel on which it is said that webhooks have something due: also by the trigger of migration 0008. */

export const WEBHOOKS_CHANNEL = 'continuo_webhooks';
