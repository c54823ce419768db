/** Who delivers to a webhook: one instance at a time, another one when that is lost, and what comes too late counts for nothing. */
import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { newCaller, openTask } from '../support/log-instance.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';
import { startWebhookInstance } from '../support/webhook-instance.js';
import { startReceiver } from '../support/webhook-receiver.js';

it('a delivery of a lost instance is made again by another, and recorded once', async () => {
  const { url } = await createTestDatabase();
  const endpoint = (await startReceiver()).at('hook');
  const first = await startWebhookInstance(url);
  const caller = newCaller();
  const { webhooks } = first;
  await webhooks.create(caller, webhooks.parseNew({ url: endpoint.url, kinds: ['task'] }));
  let release = (): void => undefined;
  endpoint.next({ kind: 'slow', until: new Promise((resolve) => (release = resolve)) });
  await openTask(first, { caller });
  await until(() => endpoint.received.length === 1, { what: 'the first request' });

  const second = await startWebhookInstance(url);
  await runOn(url, `UPDATE instances SET lost_at = now() WHERE id = '${first.id}'`);
  // Until the second instance has taken over, the first may send this one as well.
  await openTask(second, { caller });
  const idsOf = () => endpoint.received.map(({ id }) => id);
  await until(() => idsOf().lastIndexOf(String(idsOf()[0])) > 0, { what: 'the first event to come again' });
  await until(() => new Set(idsOf()).size === 2, { what: 'the second event' });
  const all = async () => (await webhooks.deliveries(caller, {}, { size: 10, token: '' })).deliveries;
  await until(async () => (await all()).every(({ status }) => status === 'delivered'), { what: 'both to be recorded' });

  const before = await all();
  release();
  await first.dispatcher.stop(1_000);
  expect(await all()).toEqual(before);
  expect(before.map(({ attemptCount }) => attemptCount)).toEqual([1, 1]);
});

it('instances that look at the same moment send everything once', async () => {
  const { url } = await createTestDatabase();
  const endpoint = (await startReceiver()).at('hook');
  const instances = await Promise.all([1, 2, 3].map(() => startWebhookInstance(url)));
  const [first] = instances;
  const caller = newCaller();
  if (first === undefined) throw new Error('no instance');
  await first.webhooks.create(caller, first.webhooks.parseNew({ url: endpoint.url }));
  const opened = instances.flatMap((instance) => Array.from({ length: 10 }, () => openTask(instance, { caller })));
  await Promise.all(opened);
  await until(() => endpoint.received.length >= 60, { what: 'every event' });
  await until(
    async () =>
      (await first.webhooks.deliveries(caller, { status: 'pending' }, { size: 1, token: '' })).deliveries.length === 0,
    { what: 'everything to be recorded' },
  );
  expect(endpoint.received).toHaveLength(60);
  expect(new Set(endpoint.received.map(({ id }) => id)).size).toBe(60);
});
