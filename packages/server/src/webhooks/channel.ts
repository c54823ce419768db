/** The channel on which it is said that webhooks have something due: also by the trigger `record_webhook_deliveries`. */

export const WEBHOOKS_CHANNEL = 'continuo_webhooks';
