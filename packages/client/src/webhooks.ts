/** `client.webhooks`: subscriptions to events of tasks, and what was delivered. */
import type { Webhook, WebhookDeliveryWithAttempts, WebhookTestResult, WebhookWithSecret } from './schema.generated.js';
import type { Answer, CallOptions, Given, Transport } from './transport.js';

/** Subscriptions to events, and what became of their deliveries: `client.webhooks`. */
export class WebhooksClient {
  /** @internal */
  constructor(private readonly transport: Transport) {}

  /** One page, the newest first. */
  list(query: Given<'listWebhooks'>['query'] = {}, options?: CallOptions): Promise<Answer<'listWebhooks'>> {
    return this.transport.call('listWebhooks', { query }, options);
  }

  /** The secret is in this answer alone. */
  create(webhook: Given<'createWebhook'>['body'], options?: CallOptions): Promise<WebhookWithSecret> {
    return this.transport.call('createWebhook', { body: webhook }, options);
  }

  /** The webhook of this id, without its secret. Throws WEBHOOK_NOT_FOUND. */
  get(id: string, options?: CallOptions): Promise<Webhook> {
    return this.transport.call('getWebhook', { path: { id } }, options);
  }

  /** What is absent stays, null takes a filter away. */
  update(id: string, change: Given<'updateWebhook'>['body'], options?: CallOptions): Promise<Webhook> {
    return this.transport.call('updateWebhook', { path: { id }, body: change }, options);
  }

  /** Deletes it, with what was still to be delivered. */
  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.transport.call('deleteWebhook', { path: { id } }, options);
  }

  /** A new secret; the old one signs beside it for `overlapSeconds`. Default: a day. */
  rotate(id: string, rotation: Given<'rotateSecret'>['body'] = {}, options?: CallOptions): Promise<WebhookWithSecret> {
    return this.transport.call('rotateSecret', { path: { id }, body: rotation }, options);
  }

  /** Nothing is delivered until `resume`; what happens meanwhile is kept. */
  pause(id: string, options?: CallOptions): Promise<Webhook> {
    return this.transport.call('pauseWebhook', { path: { id } }, options);
  }

  /** Delivers again, beginning with what has come up since `pause`. */
  resume(id: string, options?: CallOptions): Promise<Webhook> {
    return this.transport.call('resumeWebhook', { path: { id } }, options);
  }

  /** Sends a test event now, and tells what came of it. */
  test(id: string, options?: CallOptions): Promise<WebhookTestResult> {
    return this.transport.call('testWebhook', { path: { id } }, options);
  }

  /** One page, the newest first. */
  deliveries(query: Given<'listDeliveries'>['query'] = {}, options?: CallOptions): Promise<Answer<'listDeliveries'>> {
    return this.transport.call('listDeliveries', { query }, options);
  }

  /** A delivery with each attempt at it. */
  delivery(id: string, options?: CallOptions): Promise<WebhookDeliveryWithAttempts> {
    return this.transport.call('getDelivery', { path: { id } }, options);
  }

  /** Has it delivered once more, whatever became of it before. */
  redeliver(id: string, options?: CallOptions): Promise<WebhookDeliveryWithAttempts> {
    return this.transport.call('redeliver', { path: { id } }, options);
  }

  /** Sends again what was given up, and tells how much that is. */
  async redeliverAll(which: Given<'redeliverAll'>['body'], options?: CallOptions): Promise<number> {
    return (await this.transport.call('redeliverAll', { body: which }, options)).redelivered;
  }
}
