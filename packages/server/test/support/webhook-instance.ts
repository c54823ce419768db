/** One instance that delivers webhooks, without agents and engine: tests are the runs whose events are delivered. */
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { SigningKeys } from '../../src/auth/signing-keys.js';
import { Egress, type EgressOptions } from '../../src/platform/egress/egress.js';
import { createLog } from '../../src/platform/log.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { Dispatcher } from '../../src/webhooks/dispatcher.js';
import { PushConfigsService } from '../../src/webhooks/push-configs.service.js';
import { Sender } from '../../src/webhooks/sender.js';
import { WebhooksService } from '../../src/webhooks/webhooks.service.js';
import { startLogInstance, type LogInstance } from './log-instance.js';
import { afterThisTest } from './outcome.js';

export interface WebhookInstance extends LogInstance {
  readonly webhooks: WebhooksService;
  readonly pushConfigs: PushConfigsService;
  readonly dispatcher: Dispatcher;
}

export interface WebhookOptions {
  readonly egress?: Partial<EgressOptions>;
  readonly retriesMs?: readonly number[];
  readonly timeoutMs?: number;
  readonly pauseAfterMs?: number;
  readonly leaseMs?: number;
}

/** Delivers until the file has ended. */
export async function startWebhookInstance(url: string, options: WebhookOptions = {}): Promise<WebhookInstance> {
  const instance = await startLogInstance(url);
  const { id, database, tasks } = instance;
  const egress = new Egress({ allow: [], local: true, ...options.egress });
  const log = createLog('silent');
  const own = { signingKeys: [], signingRotationDays: 0, publicUrl: undefined };
  const keys = new SigningKeys(database, own, systemClock, log);
  await keys.start();
  const settings = {
    sign: keys.token.bind(keys),
    webhookTimeoutMs: options.timeoutMs ?? 5_000,
    webhookRetriesMs: options.retriesMs ?? [20, 20, 20],
    webhookPauseAfterMs: options.pauseAfterMs ?? 60_000,
    heartbeatMs: 200,
    leaseMs: options.leaseMs ?? 2_000,
    instanceId: () => id,
    metrics: new Metrics(),
  };
  const sender = new Sender(egress, tasks, settings, systemClock);
  const dispatcher = new Dispatcher(database, sender, settings, systemClock, log);
  dispatcher.start();
  afterThisTest(async () => {
    await dispatcher.stop(1_000);
    await keys.stop();
    await egress.close();
  });
  const webhooks = new WebhooksService(database, egress, sender, systemClock);
  return { ...instance, webhooks, pushConfigs: new PushConfigsService(database, egress, systemClock), dispatcher };
}
