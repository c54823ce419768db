/** Very many webhooks, deliveries and secrets: nobody else waits for them, and what was fetched before a change is not sent. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../src/platform/caller.js';
import { claimPage } from '../../src/webhooks/claim-webhooks.js';
import { Places } from '../../src/webhooks/places.js';
import { createTestDatabase } from '../support/database.js';
import { waitsForLock } from '../support/lock-waits.js';
import { appendOf, newCaller, openTask, sayIn, status as state, type OwnTask } from '../support/log-instance.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';
import { startWebhookInstance, type WebhookInstance } from '../support/webhook-instance.js';
import { answer, startReceiver, type Receiver, type ReceiverEndpoint } from '../support/webhook-receiver.js';

let instance: WebhookInstance;
let receiver: Receiver;
let databaseUrl: string;

beforeAll(async () => {
  databaseUrl = (await createTestDatabase()).url;
  instance = await startWebhookInstance(databaseUrl, { retriesMs: [300, 300, 300] });
  receiver = await startReceiver();
});

async function subscribe(caller: Caller, { url }: ReceiverEndpoint): Promise<string> {
  const filter = { url, kinds: ['statusUpdate'] };
  return (await instance.webhooks.create(caller, instance.webhooks.parseNew(filter))).id;
}

function say(task: OwnTask, from: number, to: number): Promise<unknown> {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const words = numbers.map((n) => state('WORKING', { message: sayIn(task, `word ${n}`) }));
  return instance.log.append(appendOf(task, from, words));
}

const pending = async (id: string): Promise<readonly { readonly seq: number; readonly put_off: boolean }[]> =>
  runOn(
    databaseUrl,
    `SELECT seq, next_at = '9999-12-31Z' AS put_off FROM webhook_deliveries
     WHERE endpoint_id = '${id}' AND status = 'pending' ORDER BY seq`,
  );

it('what is behind a delivery that failed is put off once, and comes in order when that is delivered', async () => {
  const caller = newCaller();
  const endpoint = receiver.at('behind');
  endpoint.always(answer(503));
  const id = await subscribe(caller, endpoint);
  const task = await openTask(instance, { caller });
  await say(task, 1, 200);
  await until(async () => (await pending(id)).filter(({ put_off }) => put_off).length >= 200, {
    what: 'all but the first to be put off',
  });
  const behind = (await instance.webhooks.deliveries(caller, { webhookId: id }, { size: 1, token: '' })).deliveries;
  expect(behind).toMatchObject([{ nextAttemptAt: null, heldBackBy: 'earlier', attemptCount: 0 }]);
  endpoint.always(answer(200));
  await until(async () => (await pending(id)).length === 0, { what: 'all to be delivered' });
  const seqs = endpoint.received.map(({ seq }) => seq);
  const first = Math.min(...seqs);
  expect([...new Set(seqs)]).toEqual(Array.from({ length: 201 }, (_, index) => first + index));
});

it('one that is deleted, dropped or dead leaves nothing behind it put off', async () => {
  const caller = newCaller();
  const endpoint = receiver.at('dead');
  endpoint.next(answer(503), answer(503), answer(503), answer(503));
  const id = await subscribe(caller, endpoint);
  await say(await openTask(instance, { caller }), 1, 2);
  await until(async () => (await pending(id)).length === 0, { what: 'what is behind a dead letter to be delivered' });
  const found = await instance.webhooks.deliveries(caller, { webhookId: id }, { size: 10, token: '' });
  expect(found.deliveries.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'dead']);
});

it('a long task leaves room for the others of the same webhook', async () => {
  const caller = newCaller();
  const endpoint = receiver.at('long');
  const id = await subscribe(caller, endpoint);
  await instance.webhooks.pause(caller, id);
  const long = await openTask(instance, { caller });
  await say(long, 1, 1_060);
  const short = await openTask(instance, { caller });
  await instance.webhooks.resume(caller, id);
  const has = (task: OwnTask) => endpoint.received.filter(({ body }) => JSON.stringify(body).includes(task.id)).length;
  await until(() => has(short) > 0, { what: 'the event of the short task' });
  expect(has(long)).toBeLessThan(1_000);
  await until(async () => (await pending(id)).length === 0, { what: 'all to be delivered' });
});

it('one that is paused gets nothing more of what was fetched before', async () => {
  const caller = newCaller();
  const endpoint = receiver.at('paused');
  let release = (): void => undefined;
  endpoint.next({ kind: 'slow', until: new Promise((resolve) => (release = resolve)) });
  const id = await subscribe(caller, endpoint);
  await instance.webhooks.pause(caller, id);
  await say(await openTask(instance, { caller }), 1, 20);
  // All of it is fetched at once.
  await instance.webhooks.resume(caller, id);
  await until(() => endpoint.received.length > 0, { what: 'the first delivery' });
  await instance.webhooks.pause(caller, id);
  const released = async (): Promise<boolean> =>
    (
      await runOn<{ n: number }>(
        databaseUrl,
        `SELECT count(*)::int AS n FROM webhook_endpoints WHERE claimed_by IS NULL AND id = '${id}'`,
      )
    )[0]?.n === 1;
  release();
  await until(released, { what: 'the webhook to be released' });
  expect(endpoint.received).toHaveLength(1);
  const moved = receiver.at('moved');
  await instance.webhooks.update(caller, id, { url: moved.url });
  await instance.webhooks.resume(caller, id);
  await until(async () => (await pending(id)).length === 0, { what: 'the rest to be delivered' });
  expect([endpoint.received.length, moved.received.length]).toEqual([1, 20]);
});

it('what waits for one that is gone is dropped, also when the instance ended before it could', async () => {
  const caller = newCaller();
  const id = await subscribe(caller, receiver.at('gone'));
  await instance.webhooks.pause(caller, id);
  await say(await openTask(instance, { caller }), 1, 2);
  await runOn(databaseUrl, `UPDATE webhook_endpoints SET state = 'gone' WHERE id = '${id}'`);
  instance.dispatcher.pending();
  await until(async () => (await pending(id)).length === 0, { what: 'all to be dropped' });
  const { deliveries } = await instance.webhooks.deliveries(caller, { webhookId: id }, { size: 10, token: '' });
  expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['dropped']));
  const again = instance.webhooks.redeliver(caller, String(deliveries[0]?.id));
  await expect(again).rejects.toMatchObject({ code: 'UNSUPPORTED_OPERATION' });
});

it('an owner has two hundred of them, a task a hundred configs, and a webhook five secrets', async () => {
  const caller = newCaller();
  const endpoint = receiver.at('many');
  const all = await Promise.allSettled(Array.from({ length: 205 }, () => subscribe(caller, endpoint)));
  const refused = all.filter((one) => one.status === 'rejected');
  expect(refused.map(({ reason }) => String(reason.code))).toEqual(Array.from({ length: 5 }, () => 'QUOTA_EXCEEDED'));
  await subscribe(newCaller(), endpoint);

  const task = await openTask(instance, { caller });
  const config = (id: string) => ({ id, taskId: task.id, url: endpoint.url });
  const configs = Array.from({ length: 105 }, (_, n) =>
    instance.pushConfigs.save(caller, config(`config ${n}`), '1.0'),
  );
  const saved = (await Promise.allSettled(configs)).flatMap((one) =>
    one.status === 'fulfilled' ? [one.value.id] : [],
  );
  expect(saved).toHaveLength(100);
  await expect(instance.pushConfigs.save(caller, config('one more'), '1.0')).rejects.toThrow(/has 100 push/);
  await instance.pushConfigs.save(caller, config(String(saved[0])), '1.0');

  const id = await subscribe(newCaller(), endpoint).then(
    () => all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))[0],
  );
  const rotate = (overlapSeconds: number) => instance.webhooks.rotate(caller, String(id), { overlapSeconds });
  for (let n = 1; n <= 4; n += 1) await rotate(60);
  await expect(rotate(60)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', retryAfterSeconds: expect.any(Number) });
});

it('those of one owner are claimed beside those of others, a page at a time', async () => {
  const ids = Array.from({ length: 1_300 }, () => randomUUID());
  const few = newCaller();
  const rows = ids.map(
    (id, n) => `('${id}', 't', '${n < 1_299 ? 'many' : few.owner}', 'https://example.com', '{task}', now(), now())`,
  );
  await runOn(
    databaseUrl,
    `INSERT INTO webhook_endpoints (id, tenant, owner, url, kinds, created_at, updated_at) VALUES ${rows.join(',')};
     INSERT INTO webhook_deliveries (tenant, owner, endpoint_id, task_id, seq, kind)
     SELECT tenant, owner, id, gen_random_uuid(), 1, 'task' FROM webhook_endpoints WHERE tenant = 't'`,
  );
  const claimed: string[] = [];
  let after: string | undefined;
  let pages = 0;
  do {
    const options = { instanceId: instance.id, leaseMs: 60_000, most: 10_000, held: [] };
    const page = await claimPage(instance.database, after, options);
    claimed.push(...page.claimed.map(({ owner }) => owner));
    expect(page.more).toBe(true);
    after = page.next ?? undefined;
    pages += 1;
  } while (after !== undefined);
  expect(pages).toBe(2);
  const ofMany = claimed.filter((owner) => owner.includes('"many"'));
  expect(ofMany.length).toBeGreaterThan(0);
  expect(ofMany.length).toBeLessThanOrEqual(100);
  await runOn(databaseUrl, "DELETE FROM webhook_endpoints WHERE tenant = 't'");
});

it('a request waits for its place as long as its owner, or all together, have none left, in turn with others', async () => {
  const places = new Places(2, 3);
  const entered: string[] = [];
  const enter = async (owner: string) => {
    const leave = await places.enter(owner);
    entered.push(owner);
    return leave;
  };
  const [first, second] = [await enter('a'), await enter('a')];
  const more = [enter('a'), enter('a'), enter('b'), enter('b')];
  const b = await more[2];
  expect(entered).toEqual(['a', 'a', 'b']);
  first();
  first();
  await Promise.race([more[0], more[3]]);
  second();
  b?.();
  for (const leave of await Promise.all(more)) leave();
  expect(entered.toSorted()).toEqual(['a', 'a', 'a', 'a', 'b', 'b']);
});

it('one with very many deliveries is deleted, and nobody waits for that who has something to say', async () => {
  const caller = newCaller();
  const endpoint = receiver.at('deleted');
  const id = await subscribe(caller, endpoint);
  const task = await openTask(instance, { caller });
  await say(task, 1, 3);
  await until(async () => (await pending(id)).length === 0, { what: 'all to be delivered' });
  await fill(caller, id, 'delivered');
  const other = new pg.Client(databaseUrl);
  await other.connect();
  await other.query('BEGIN');
  await other.query('SELECT 1 FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY position LIMIT 1 FOR UPDATE', [
    id,
  ]);
  const deleted = instance.webhooks.remove(caller, id);
  await until(async () => (await runOn(databaseUrl, waitsForLock('%DELETE FROM webhook_%'))).length > 0, {
    what: 'the deletion to wait for the delivery',
  });
  await say(task, 2, 3);
  await other.query('ROLLBACK');
  await other.end();
  await deleted;
  await expect(instance.webhooks.get(caller, id)).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
  expect(await runOn(databaseUrl, `SELECT 1 FROM webhook_deliveries WHERE endpoint_id = '${id}'`)).toEqual([]);
});

it('very many that were given up are sent again a page at a time, each once', async () => {
  const caller = newCaller();
  const endpoint = receiver.at('given-up');
  endpoint.always(answer(503));
  const id = await subscribe(caller, endpoint);
  await instance.webhooks.pause(caller, id);
  await fill(caller, id, 'dead');
  const which = { webhookId: id, status: 'dead', after: null, before: null } as const;
  const requestId = randomUUID();
  const locked = new pg.Client(databaseUrl);
  await locked.connect();
  await locked.query('BEGIN');
  await locked.query(
    'SELECT 1 FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY position DESC LIMIT 1 FOR UPDATE',
    [id],
  );
  const again = instance.webhooks.redeliverAll(caller, which, requestId);
  // What lies before the last one is not held up with it.
  await until(async () => (await pending(id)).length >= 1_000, { what: 'the first pages to be pending' });
  await locked.query('ROLLBACK');
  await locked.end();
  expect(await again).toBe(MANY);
  expect(await instance.webhooks.redeliverAll(caller, which, requestId)).toBe(MANY);
  expect(await pending(id)).toHaveLength(MANY);
});

const MANY = 2_500;

/** Records so many deliveries of a task that there is not. */
function fill(caller: Caller, id: string, as: 'delivered' | 'dead'): Promise<unknown> {
  return runOn(
    databaseUrl,
    `INSERT INTO webhook_deliveries (tenant, owner, endpoint_id, task_id, seq, kind, status)
     SELECT '${caller.tenant}', '${caller.owner}', '${id}', '${randomUUID()}', n, 'statusUpdate', '${as}'
     FROM generate_series(1, ${MANY}) n`,
  );
}
