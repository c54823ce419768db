-- Of what waits for a webhook, the tasks that have waited longest are found without looking at the rest.

DROP INDEX webhook_deliveries_pending;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_at, position) WHERE status = 'pending';
