/** Webhooks as their owners see them: subscriptions, their secrets, what was delivered, and sending it again. */
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { isId, newId } from '@continuo/agent/internal/platform/ids.js';
import type { Caller } from '../platform/caller.js';
import { orUnavailable, type Database } from '../platform/database.js';
import type { Egress } from '../platform/egress/egress.js';
import { newSecret } from '../platform/random.js';
import {
  listDeliveries,
  readDelivery,
  type DeliveryFilter,
  type DeliveryPage,
  type DeliveryWithAttempts,
} from './list-deliveries.js';
import { oneDelivery } from './due-deliveries.js';
import { readHealth } from './webhook-health.js';
import { redeliverGivenUp, redeliverOne, type GivenUp } from './redeliver.js';
import type { Answered, Sender } from './sender.js';
import {
  addSecret,
  deleteWebhook,
  MOST_SECRETS,
  MOST_WEBHOOKS,
  insertWebhook,
  listWebhooks,
  readWebhook,
  setWebhookState,
  updateWebhook,
  type WebhookPage,
} from './webhook-rows.js';
import type { StoredSecret, Webhook, WebhookState, WebhookWithSecret } from './webhook.js';
import { parseNewWebhook, parseRotation, parseWebhookChange } from './webhook-options.js';

/** In the metadata of the message that a test event is: `{ test: true }`. */
const WEBHOOKS_EXTENSION = 'urn:continuo:a2a:webhooks:v1';

/** Headers of a delivery that are no more than credentials: whoever has them can pretend to be this server. */
const hidden = new Set(['authorization', 'continuo-jwt', 'x-a2a-notification-token']);
const HIDDEN = '***';

interface Page {
  readonly size: number;
  readonly token: string;
}

export interface DeliveryRequest {
  readonly url: string;
  /** Those that hold credentials are `***`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TestResult extends Answered {
  /** The `webhook-id` of the test event. */
  readonly id: string;
  readonly ok: boolean;
}

/** All throw WEBHOOK_NOT_FOUND, or DELIVERY_NOT_FOUND, for what doesn't exist and for what isn't the caller's. */
export class WebhooksService {
  constructor(
    private readonly database: Database,
    private readonly egress: Egress,
    private readonly sender: Sender,
    private readonly clock: Clock,
  ) {}

  /** Throws INVALID_ARGUMENT. */
  parseNew(body: unknown): ReturnType<typeof parseNewWebhook> {
    return parseNewWebhook(body, this.egress);
  }

  /** With its secret, which only a repetition of the same request sees again. Throws QUOTA_EXCEEDED. */
  async create(
    caller: Caller,
    webhook: ReturnType<typeof parseNewWebhook>,
    id: string = newId(),
  ): Promise<WebhookWithSecret> {
    const at = this.clock.now().toISOString();
    await orUnavailable(() => insertWebhook(this.database, caller, { ...webhook, id, at, secret: makeSecret(id) }));
    const made = await orUnavailable(() => readWebhook(this.database, caller, id));
    if (made !== undefined) return withSecret(made.webhook, made.secrets, id);
    throw new ContinuoError('QUOTA_EXCEEDED', `You have ${MOST_WEBHOOKS} webhooks; delete one first.`, {
      retryAfterSeconds: 60,
    });
  }

  async get(caller: Caller, id: string): Promise<Webhook> {
    return (await this.#own(caller, id)).webhook;
  }

  /** The subscriptions, the newest first; on request with how each fared in the last day. */
  list(caller: Caller, page: Page, withHealth = false): Promise<WebhookPage> {
    return orUnavailable(async () => {
      const found = await listWebhooks(this.database, caller, page);
      if (!withHealth) return found;
      const ids = found.webhooks.map(({ id }) => id);
      const healths = await readHealth(this.database, ids, this.clock.now());
      const webhooks = found.webhooks.map((webhook) => {
        const health = healths.get(webhook.id);
        return health === undefined ? webhook : { ...webhook, health };
      });
      return { ...found, webhooks };
    });
  }

  /** What is absent stays. Throws INVALID_ARGUMENT. */
  update(caller: Caller, id: string, body: unknown): Promise<Webhook> {
    const change = parseWebhookChange(body, this.egress);
    return this.#found(id, () => updateWebhook(this.database, caller, id, change));
  }

  /** With all its deliveries; also a push config. */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.#found(id, async () => ((await deleteWebhook(this.database, caller, id)) ? true : undefined));
  }

  /** What happens meanwhile is recorded, and delivered when it is resumed. */
  pause(caller: Caller, id: string): Promise<Webhook> {
    return this.#move(caller, id, 'paused', 'Paused by its owner.');
  }

  /** What waits for it is due at once. */
  resume(caller: Caller, id: string): Promise<Webhook> {
    return this.#move(caller, id, 'active', null);
  }

  /**
   * A new secret; the old one signs beside it for a while. `requestId` makes a repeated request the same. Throws
   * QUOTA_EXCEEDED.
   */
  async rotate(caller: Caller, id: string, body: unknown, requestId: string = newId()): Promise<WebhookWithSecret> {
    const { overlapSeconds } = parseRotation(body ?? {});
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + overlapSeconds * 1000).toISOString();
    const rotation = { secret: makeSecret(requestId), at: now.toISOString(), expiresAt };
    const secrets = await this.#found(id, () => addSecret(this.database, caller, id, rotation));
    if (secrets.length >= MOST_SECRETS && secrets.every((secret) => secret.id !== requestId))
      throw tooManySecrets(secrets, now);
    return withSecret(await this.get(caller, id), secrets, requestId);
  }

  /** Sends a message that says it is a test, and tells what came of it; nothing of it is kept. */
  async test(caller: Caller, id: string, eventId: string = newId()): Promise<TestResult> {
    const { webhook, secrets } = await this.#own(caller, id);
    if (webhook.taskId !== undefined) throw notFound(id);
    const target = {
      id,
      url: webhook.url,
      secrets,
      pushConfig: false,
      token: null,
      authScheme: null,
      authCredentials: null,
      version: '1.0' as const,
    };
    const message = {
      messageId: eventId,
      role: 'ROLE_AGENT',
      parts: [{ text: 'A test event: your webhook works.' }],
      metadata: { [WEBHOOKS_EXTENSION]: { test: true } },
    };
    const answered = await this.sender.once(target, { id: eventId, event: { message } });
    const ok = answered.status !== null && answered.status >= 200 && answered.status < 300;
    return { id: eventId, ok, ...answered };
  }

  deliveries(caller: Caller, filter: DeliveryFilter, page: Page): Promise<DeliveryPage> {
    return orUnavailable(() => listDeliveries(this.database, caller, filter, page));
  }

  async delivery(caller: Caller, id: string): Promise<DeliveryWithAttempts> {
    const found = isId(id) ? await orUnavailable(() => readDelivery(this.database, caller, id)) : undefined;
    if (found !== undefined) return found;
    throw noDelivery(id);
  }

  /** The request that it would be now, with its signature; what else would prove to the receiver who sends it is hidden. */
  async deliveryRequest(caller: Caller, id: string): Promise<DeliveryRequest> {
    const found = isId(id) ? await orUnavailable(() => oneDelivery(this.database, caller, id)) : undefined;
    if (found === undefined) throw noDelivery(id);
    const { headers, body } = await this.sender.request(found);
    return { url: found.target.url, headers: withoutCredentials(headers), body };
  }

  /**
   * Sends it again, whatever became of it; what still waits, at once. `requestId` makes a repeated request the same. Throws
   * UNSUPPORTED_OPERATION when its webhook is gone.
   */
  async redeliver(caller: Caller, id: string, requestId: string = newId()): Promise<DeliveryWithAttempts> {
    const { webhookId } = await this.delivery(caller, id);
    requireThere(await this.get(caller, webhookId));
    await orUnavailable(() => redeliverOne(this.database, caller, requestId, id));
    return this.delivery(caller, id);
  }

  /** Sends again what was given up; answers with how many there are. Throws UNSUPPORTED_OPERATION, too. */
  async redeliverAll(caller: Caller, which: GivenUp, requestId: string = newId()): Promise<number> {
    requireThere(await this.get(caller, which.webhookId));
    return orUnavailable(() => redeliverGivenUp(this.database, caller, requestId, which));
  }

  #move(caller: Caller, id: string, state: WebhookState, reason: string | null): Promise<Webhook> {
    return this.#found(id, () => setWebhookState(this.database, caller, id, { state, reason }));
  }

  #own(caller: Caller, id: string): Promise<{ readonly webhook: Webhook; readonly secrets: readonly StoredSecret[] }> {
    return this.#found(id, () => readWebhook(this.database, caller, id));
  }

  async #found<Found>(id: string, work: () => Promise<Found | undefined>): Promise<Found> {
    const found = isId(id) ? await orUnavailable(work) : undefined;
    if (found === undefined) throw notFound(id);
    return found;
  }
}

function makeSecret(id: string): StoredSecret {
  return { id, secret: `whsec_${newSecret()}` };
}

function withSecret(webhook: Webhook, secrets: readonly StoredSecret[], id: string): WebhookWithSecret {
  const made = secrets.find((secret) => secret.id === id);
  if (made === undefined) throw new ContinuoError('UNSUPPORTED_OPERATION', 'The secret that was made then has ended.');
  return { ...webhook, secret: made.secret };
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, hidden.has(name) ? HIDDEN : value]));
}

function tooManySecrets(secrets: readonly StoredSecret[], now: Date): ContinuoError {
  const ends = secrets.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [Date.parse(expiresAt)]));
  const retryAfterSeconds = Math.max(1, Math.ceil((Math.min(...ends) - now.getTime()) / 1_000));
  const message = `${MOST_SECRETS} secrets of the webhook are valid; the next one ends in ${retryAfterSeconds} s.`;
  return new ContinuoError('QUOTA_EXCEEDED', message, { retryAfterSeconds });
}

/** Throws UNSUPPORTED_OPERATION for a webhook that is told nothing any more. */
function requireThere({ id, state }: Webhook): void {
  if (state !== 'gone') return;
  throw new ContinuoError('UNSUPPORTED_OPERATION', `Webhook ${id} is gone, as it answered 410: resume it first.`);
}

function noDelivery(id: string): ContinuoError {
  return new ContinuoError('DELIVERY_NOT_FOUND', `Delivery ${id} was not found.`);
}

function notFound(id: string): ContinuoError {
  return new ContinuoError('WEBHOOK_NOT_FOUND', `Webhook ${id} was not found.`);
}
