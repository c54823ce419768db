/** What statements of other rooms may read of this room's tables: parts of statements, to be joined like views. */

/** Whether something is still to be delivered, now or later. */
export const someDelivery = "EXISTS (SELECT 1 FROM webhook_deliveries WHERE status = 'pending')";
