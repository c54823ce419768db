/** Owners whose receivers are all slow leave places to owners who have none, and so do tenants. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../src/platform/caller.js';
import { claimPage } from '../../src/webhooks/claim-webhooks.js';
import { Places } from '../../src/webhooks/places.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, newCaller, openTask, sayIn, status as state } from '../support/log-instance.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';
import { startWebhookInstance, type WebhookInstance } from '../support/webhook-instance.js';
import { startReceiver, type Receiver } from '../support/webhook-receiver.js';

let instance: WebhookInstance;
let receiver: Receiver;
let databaseUrl: string;

beforeAll(async () => {
  databaseUrl = (await createTestDatabase()).url;
  instance = await startWebhookInstance(databaseUrl, { timeoutMs: 300_000 });
  receiver = await startReceiver();
});

/** Each has so many webhooks at one address. */
async function subscribe(callers: readonly Caller[], each: number, url: string): Promise<void> {
  const rows = callers.map(
    ({ tenant, owner }) =>
      `SELECT gen_random_uuid(), '${tenant}', '${owner}', '${url}', '{statusUpdate}'::text[], now(), now() FROM generate_series(1, ${each})`,
  );
  await runOn(
    databaseUrl,
    `INSERT INTO webhook_endpoints (id, tenant, owner, url, kinds, created_at, updated_at) ${rows.join(' UNION ALL ')}`,
  );
}

async function say(caller: Caller): Promise<void> {
  const task = await openTask(instance, { caller });
  await instance.log.append(appendOf(task, 1, [state('WORKING', { message: sayIn(task, 'word') })]));
}

it('receivers of eight owners that never answer hold up nobody else', async () => {
  const slow = receiver.at('slow');
  slow.always({ kind: 'hang' });
  const busy = Array.from({ length: 8 }, () => newCaller());
  await subscribe(busy, 60, slow.url);
  for (const caller of busy) await say(caller);
  await until(() => slow.received.length >= 100, { what: 'requests to slow receivers' });
  const quick = receiver.at('quick');
  const other = newCaller();
  await subscribe([other], 1, quick.url);
  await say(other);
  await until(() => quick.received.length > 0, { what: "the other owner's delivery" });
  expect(quick.received.length).toBeGreaterThan(0);
});

const ownerOf = (tenant: string, owner: string): string => JSON.stringify([tenant, owner]);
const times = (n: number, owner: (index: number) => string): readonly string[] =>
  Array.from({ length: n }, (_, index) => owner(index));

it('who holds none comes first, owner or tenant, and the last place is for one of these', async () => {
  const [many, few] = ['many', 'few'].map((tenant) => `${tenant}-${randomUUID()}`);
  const rows = [
    ...times(60, (n) => `('${many}', 'owner ${n}')`),
    ...times(60, () => `('${many}', 'one')`),
    `('${few}', 'z')`,
  ];
  await runOn(
    databaseUrl,
    `INSERT INTO webhook_endpoints (id, tenant, owner, url, kinds, created_at, updated_at)
     SELECT gen_random_uuid(), t, o, 'https://example.com', '{task}', now(), now() FROM (VALUES ${rows.join(',')}) v (t, o);
     INSERT INTO webhook_deliveries (tenant, owner, endpoint_id, task_id, seq, kind)
     SELECT tenant, owner, id, gen_random_uuid(), 1, 'task' FROM webhook_endpoints WHERE tenant IN ('${many}', '${few}')`,
  );
  const claim = async (most: number, held: readonly string[]) => {
    const { claimed } = await claimPage(instance.database, undefined, {
      instanceId: instance.id,
      leaseMs: 1,
      most,
      held,
    });
    await runOn(databaseUrl, `UPDATE webhook_endpoints SET claimed_by = NULL WHERE tenant IN ('${many}', '${few}')`);
    return claimed
      .map(({ owner }) => JSON.stringify(JSON.parse(owner)))
      .filter((owner) => owner.includes(String(many)) || owner.includes(String(few)));
  };
  expect(
    await claim(
      1,
      times(60, (n) => ownerOf(String(many), `owner ${n}`)),
    ),
  ).toEqual([ownerOf(String(few), 'z')]);
  const half = await claim(60, []);
  expect(half).toContain(ownerOf(String(few), 'z'));
  expect(half.length).toBeLessThanOrEqual(40);
  expect(half.filter((owner) => owner.includes('"one"')).length).toBeLessThanOrEqual(8);
  await runOn(databaseUrl, `DELETE FROM webhook_endpoints WHERE tenant IN ('${many}', '${few}')`);
});

it('requests of owners and tenants with many under way leave places to those who have none', async () => {
  const places = new Places(10, 100);
  const entered = new Map<string, number>();
  const enter = (owner: string, tenant: string): void => {
    void places.enter(owner, tenant).then(() => entered.set(tenant, (entered.get(tenant) ?? 0) + 1));
  };
  for (let n = 0; n < 20; n += 1) for (let m = 0; m < 20; m += 1) enter(`a${n}`, 'a');
  for (let n = 0; n < 20; n += 1) for (let m = 0; m < 20; m += 1) enter(`b${n}`, 'b');
  const leave = await places.enter('c', 'c');
  expect(entered.get('a')).toBeLessThanOrEqual(50);
  expect(entered.get('b')).toBeGreaterThan(10);
  leave();
});
