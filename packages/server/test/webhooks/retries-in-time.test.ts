/** What failed is tried again in time, also when something else is tried again, or looked for, before. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { appendOf, newCaller, openTask, sayIn, status as state } from '../support/log-instance.js';
import { until } from '../support/until.js';
import { startWebhookInstance, type WebhookInstance } from '../support/webhook-instance.js';
import { answer, startReceiver, type Receiver } from '../support/webhook-receiver.js';
import { RetryTimes } from '../../src/webhooks/retry-times.js';

let instance: WebhookInstance;
let receiver: Receiver;

beforeAll(async () => {
  instance = await startWebhookInstance((await createTestDatabase()).url, { retriesMs: [1_500, 1_500] });
  receiver = await startReceiver();
});

it('each of several that failed one after the other, without anybody who sweeps', async () => {
  const endpoints = ['first', 'second', 'third'].map((name) => receiver.at(name));
  for (const endpoint of endpoints) {
    endpoint.next(answer(503));
    const caller = newCaller();
    const { id } = await instance.webhooks.create(
      caller,
      instance.webhooks.parseNew({ url: endpoint.url, kinds: ['statusUpdate'] }),
    );
    expect(id).toBeDefined();
    const task = await openTask(instance, { caller });
    await instance.log.append(appendOf(task, 1, [state('WORKING', { message: sayIn(task, 'word') })]));
    await until(() => endpoint.received.length > 0, { what: 'the first attempt' });
  }
  // A look of its own comes after ten seconds.
  await until(() => endpoints.every(({ received }) => received.length > 1), { what: 'all retries', timeoutMs: 8_000 });
});

it('knows every time of the near future, and few of very many', () => {
  const times = new RetryTimes();
  for (let at = 1_000; at < 3_000; at += 1) times.add(at, 0);
  times.add(1_000_000, 0);
  expect(times.next).toBe(1_000);
  expect(times.take(999)).toBe(false);
  expect(times.take(1_000)).toBe(true);
  expect(times.next).toBe(1_100);
  expect(times.take(10_000)).toBe(true);
  expect(times.next).toBe(Infinity);
});
