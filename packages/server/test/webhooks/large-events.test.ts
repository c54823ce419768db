/** What webhooks are told of events that are larger than a delivery, and how many are in memory at once. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_EXTENSION, PROGRESS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { dueDeliveries } from '../../src/webhooks/due-deliveries.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, chunk, newCaller, openTask, sayIn, startLogInstance, status } from '../support/log-instance.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';
import { startWebhookInstance, type WebhookInstance } from '../support/webhook-instance.js';
import { startReceiver, verified, type Receiver } from '../support/webhook-receiver.js';

const MIB = 1024 ** 2;
let instance: WebhookInstance;
let receiver: Receiver;
let url: string;

beforeAll(async () => {
  url = (await createTestDatabase()).url;
  instance = await startWebhookInstance(url);
  receiver = await startReceiver();
});

describe('an event that is larger than a delivery', () => {
  it('comes without its content, with the address of that, signed and in order', async () => {
    const caller = newCaller();
    const endpoint = receiver.at('large');
    const kinds = ['task', 'statusUpdate', 'artifactUpdate'];
    const request = instance.webhooks.parseNew({ url: endpoint.url, kinds });
    const { secret } = await instance.webhooks.create(caller, request);
    const task = await openTask(instance, { caller });
    const large = { artifactId: 'a report', name: 'Report', parts: [{ text: 'x'.repeat(3 * MIB) }] };
    const progress = { fraction: 0.5, stage: 'half' };
    const said = sayIn(task, 'y'.repeat(3 * MIB));
    await instance.log.append(
      appendOf(task, 1, [
        chunk('a report', '', { artifact: large, append: false, lastChunk: true }),
        chunk('small', 'after it'),
        status('WORKING', { message: sayIn(task, 'z'.repeat(3 * MIB)), progress }),
        status('COMPLETED', { message: said, inHistory: true }),
      ]),
    );
    const received = await until(() => endpoint.received.length >= 6 && [...endpoint.received], {
      what: '6 deliveries',
    });
    expect(received.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const one of received) {
      expect(verified(one, secret)).toEqual(one.body);
      expect(one.raw.length).toBeLessThan(4_096);
    }
    const [, , artifact, small, working, completed] = received.map(({ body }) => body);
    const { id: taskId, contextId } = task;
    const size = (bytes: unknown) => expect(Number(bytes)).toBeGreaterThan(3 * MIB);
    const address = (uri: string) => ({ [CONTENT_EXTENSION]: { uri, bytes: expect.any(Number) as number } });
    expect(artifact).toEqual({
      artifactUpdate: {
        taskId,
        contextId,
        artifact: {
          artifactId: 'a report',
          name: 'Report',
          parts: [],
          metadata: address(`/tasks/${taskId}/artifacts/a%20report`),
        },
        append: false,
        lastChunk: true,
      },
    });
    size((artifact as Shown).artifactUpdate?.artifact.metadata[CONTENT_EXTENSION]?.bytes);
    expect(small).toMatchObject({ artifactUpdate: { artifact: { parts: [{ text: 'after it' }] } } });
    expect(working).toEqual({
      statusUpdate: {
        taskId,
        contextId,
        status: { state: 'TASK_STATE_WORKING', timestamp: expect.any(String) as string },
        metadata: { [PROGRESS_EXTENSION]: progress, ...address(`/tasks/${taskId}/events`) },
      },
    });
    expect(completed).toMatchObject({
      statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' }, metadata: address(`/tasks/${taskId}/events`) },
    });
    expect(completed).not.toHaveProperty('statusUpdate.status.message');
  });

  it('is sent whole as long as it fits', async () => {
    const caller = newCaller();
    const endpoint = receiver.at('fits');
    await instance.webhooks.create(caller, instance.webhooks.parseNew({ url: endpoint.url }));
    const task = await openTask(instance, { caller });
    const text = 'x'.repeat(MIB);
    await instance.log.append(appendOf(task, 1, [status('COMPLETED', { message: sayIn(task, text) })]));
    const received = await until(() => endpoint.received.length >= 3 && [...endpoint.received], {
      what: '3 deliveries',
    });
    expect(received[2]?.body).toMatchObject({ statusUpdate: { status: { message: { parts: [{ text }] } } } });
  });
});

interface Shown {
  readonly artifactUpdate?: {
    readonly artifact: { readonly metadata: Readonly<Record<string, { readonly bytes: number }>> };
  };
}

describe('what is due to a webhook', () => {
  it('is fetched by bytes, in order, until all of it has come', async () => {
    const { url: ownUrl } = await createTestDatabase();
    const log = await startLogInstance(ownUrl);
    const caller = newCaller();
    const webhookId = randomUUID();
    await runOn(
      ownUrl,
      `INSERT INTO webhook_endpoints (id, tenant, owner, url, kinds, claimed_by, created_at, updated_at)
       VALUES ('${webhookId}', '${caller.tenant}', '${caller.owner}', 'http://127.0.0.1', '{statusUpdate,task}',
         '${log.id}', now(), now())`,
    );
    const tasks = [await openTask(log, { caller }), await openTask(log, { caller })];
    for (const task of tasks) {
      const events = Array.from({ length: 6 }, () => status('WORKING', { message: sayIn(task, 'x'.repeat(MIB)) }));
      await log.log.append(appendOf(task, 1, events));
    }
    const seen = new Map<string, number[]>();
    for (let rounds = 0; rounds < 16; rounds += 1) {
      const due = await dueDeliveries(log.database, { webhookId, instanceId: log.id, busy: [], tasks: 40 });
      if (due.length === 0) break;
      expect(JSON.stringify(due).length).toBeLessThan(3 * MIB);
      for (const { taskId, seq } of due) seen.set(taskId, [...(seen.get(taskId) ?? []), seq]);
      await runOn(
        ownUrl,
        `UPDATE webhook_deliveries SET status = 'delivered' WHERE id IN (${due.map(({ id }) => `'${id}'`).join(',')})`,
      );
    }
    for (const { id } of tasks) expect(seen.get(id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

it('of a delivery that was sent again and again, the newest attempts are shown', async () => {
  const caller = newCaller();
  const endpoint = receiver.at('again');
  await instance.webhooks.create(caller, instance.webhooks.parseNew({ url: endpoint.url, kinds: ['task'] }));
  await openTask(instance, { caller });
  const list = () => instance.webhooks.deliveries(caller, { status: 'delivered' }, { size: 1, token: '' });
  const [delivery] = await until(async () => (await list()).deliveries.length === 1 && (await list()).deliveries, {
    what: 'the delivery',
  });
  const id = String(delivery?.id);
  await runOn(
    url,
    `INSERT INTO webhook_attempts (delivery_id, number, at, status, latency_ms)
     SELECT '${id}', n, now(), 200, 1 FROM generate_series(2, 250) n;
     UPDATE webhook_deliveries SET attempts = 250 WHERE id = '${id}'`,
  );
  const { attemptCount, attempts, lastAttempt } = await instance.webhooks.delivery(caller, id);
  expect(attemptCount).toBe(250);
  expect(attempts.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, n) => 151 + n));
  expect(lastAttempt?.number).toBe(250);
});

it('a webhook names agents of a sensible length', () => {
  const request = { url: receiver.origin, agents: [`function/${'x'.repeat(600)}`] };
  expect(() => instance.webhooks.parseNew(request)).toThrow(/agents/);
});
