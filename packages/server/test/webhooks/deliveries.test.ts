/** What receivers of webhooks get: every event they asked for, signed, in order, again when they fail, and no more. */
import { beforeAll, describe, expect, it } from 'vitest';
import { HELD_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import type { Caller } from '../../src/platform/caller.js';
import { dropGone, recordAttempts, type Attempt } from '../../src/webhooks/record-attempts.js';
import { createTestDatabase } from '../support/database.js';
import { at } from '../support/http-calls.js';
import { appendOf, chunk, newCaller, openTask, sayIn, status as state, type OwnTask } from '../support/log-instance.js';
import { runOn } from '../support/postgres.js';
import { until } from '../support/until.js';
import { startWebhookInstance, type WebhookInstance } from '../support/webhook-instance.js';
import {
  seqsByTask,
  startReceiver,
  answer,
  verified,
  type Received,
  type Receiver,
  type ReceiverEndpoint,
} from '../support/webhook-receiver.js';

let instance: WebhookInstance;
let receiver: Receiver;
let databaseUrl: string;
let paths = 0;

beforeAll(async () => {
  databaseUrl = (await createTestDatabase()).url;
  instance = await startWebhookInstance(databaseUrl);
  receiver = await startReceiver();
});

function newEndpoint(): ReceiverEndpoint {
  paths += 1;
  return receiver.at(`path-${paths}`);
}

async function subscribe(caller: Caller, url: string, filter: Readonly<Record<string, unknown>> = {}) {
  return instance.webhooks.create(caller, instance.webhooks.parseNew({ url, ...filter }));
}

/** The task's run says so many words, each in an event of its own, and ends. */
async function finish(task: OwnTask, words = 1): Promise<void> {
  for (let n = 1; n <= words; n += 1) {
    await instance.log.append(appendOf(task, n, [state('WORKING', { message: sayIn(task, `word ${n}`) })]));
  }
  await instance.log.append(appendOf(task, words + 1, [state('COMPLETED')]));
}

function untilReceived({ received }: ReceiverEndpoint, count: number): Promise<readonly Received[]> {
  return until(() => received.length >= count && [...received], {
    what: `${count} deliveries, of which there are ${received.length}`,
  });
}

async function deliveriesOf(caller: Caller, status?: 'pending' | 'delivered' | 'dead' | 'dropped') {
  return (await instance.webhooks.deliveries(caller, { status }, { size: 100, token: '' })).deliveries;
}

function untilAll(caller: Caller, status: 'delivered' | 'dead' | 'dropped', count: number) {
  return until(
    async () => {
      const found = await deliveriesOf(caller, status);
      return found.length >= count && found;
    },
    { what: `${count} deliveries to be ${status}` },
  );
}

describe('a subscription', () => {
  it('gets every event of every task, signed, in order', async () => {
    const caller = newCaller();
    const endpoint = newEndpoint();
    const { secret } = await subscribe(caller, endpoint.url);
    const tasks = await Promise.all([1, 2, 3].map(() => openTask(instance, { caller })));
    await Promise.all(tasks.map((task) => finish(task, 4)));
    await openTask(instance);
    const received = await untilReceived(endpoint, 21);
    for (const [taskId, seqs] of seqsByTask(received)) {
      expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(tasks.map(({ id }) => id)).toContain(taskId);
    }
    for (const one of received) expect(verified(one, secret)).toEqual(one.body);
    expect(() => verified(received[0] as Received, `whsec_${'A'.repeat(43)}=`)).toThrow(/signature/);
    expect(new Set(received.map(({ id }) => id)).size).toBe(21);
    expect(at(received[0]?.body, 'task', 'history', 0, 'parts', 0, 'text')).toBe('go');
    await untilAll(caller, 'delivered', 21);
    expect(endpoint.received).toHaveLength(21);
  });

  it('gets what its filters let through', async () => {
    const caller = newCaller();
    const endpoints = [newEndpoint(), newEndpoint(), newEndpoint(), newEndpoint(), newEndpoint()] as const;
    const [ended, chunks, here, elsewhere, other] = endpoints;
    await subscribe(caller, ended.url, { states: ['COMPLETED', 'TASK_STATE_FAILED'] });
    await subscribe(caller, chunks.url, { kinds: ['artifactUpdate'], agents: ['test/agent'] });
    await subscribe(caller, here.url, { sessionIds: ['here'], states: ['COMPLETED'] });
    await subscribe(caller, elsewhere.url, { sessionIds: ['elsewhere'] });
    await subscribe(caller, other.url, { agents: ['other/agent'] });
    const task = await openTask(instance, { caller, contextId: 'here' });
    await instance.log.append(appendOf(task, 1, [chunk('a', 'one'), chunk('a', 'two')]));
    await instance.log.append(appendOf(task, 2, [state('COMPLETED')]));
    await untilAll(caller, 'delivered', 4);
    expect(endpoints.map(({ received }) => received.map(({ seq }) => seq))).toEqual([[5], [3, 4], [5], [], []]);
  });

  it('gets what says that a task is held, and that it goes on', async () => {
    const caller = newCaller();
    const [kept, completed] = [newEndpoint(), newEndpoint()];
    const { states } = await subscribe(caller, kept.url, { states: ['held'] });
    expect(states).toEqual(['HELD']);
    await subscribe(caller, completed.url, { states: ['COMPLETED', 'HELD'] });
    const task = await openTask(instance, { caller });
    const held = { finished: 'step "load"', found: 'step "load order"', since: '2026-03-01T12:00:00.000Z' };
    await instance.log.append(appendOf(task, 1, [state('WORKING', { held })]));
    await instance.log.append(appendOf(task, 2, [state('WORKING'), chunk('a', 'one')]));
    await instance.log.append(appendOf(task, 3, [state('WORKING', { held: null }), state('WORKING')]));
    await instance.log.append(appendOf(task, 4, [state('COMPLETED')]));
    await untilAll(caller, 'delivered', 5);
    expect([kept, completed].map(({ received }) => received.map(({ seq }) => seq))).toEqual([
      [3, 6],
      [3, 6, 8],
    ]);
    const said = kept.received.map(({ body }) => at(body, 'statusUpdate', 'metadata', HELD_EXTENSION));
    expect(said).toEqual([held, null]);
  });

  it('hears nothing of what is rolled back, nor of what belongs to others', async () => {
    const caller = newCaller();
    const endpoint = newEndpoint();
    await subscribe(caller, endpoint.url);
    const task = await openTask(instance, { caller });
    await finish(await openTask(instance));
    await expect(instance.log.append(appendOf({ ...task, token: task.id }, 1, [state('COMPLETED')]))).rejects.toThrow(
      /Another run/,
    );
    await finish(task);
    expect((await untilReceived(endpoint, 4)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    const [row] = await runOn<{ n: string }>(
      databaseUrl,
      `SELECT count(*) AS n FROM webhook_deliveries WHERE owner = '${caller.owner}'`,
    );
    expect(Number(row?.n)).toBe(4);
  });
});

describe('a receiver that fails', () => {
  it.each([
    ['with 500', answer(500, {}, 'sorry\u0007'), { status: 500, response: 'sorry', error: null }],
    [
      'by closing',
      { kind: 'close' },
      { status: null, response: null, error: expect.stringMatching(/other side closed|socket|ECONN/) },
    ],
    [
      'by redirecting',
      answer(302, { location: '/elsewhere' }),
      { status: 302, error: 'It redirects, which is not followed.' },
    ],
  ] as const)(
    '%s gets the event again, with the same id, and those behind it after it',
    async (_how, reply, attempt) => {
      const caller = newCaller();
      const endpoint = newEndpoint();
      endpoint.next(reply, reply);
      await subscribe(caller, endpoint.url, { kinds: ['statusUpdate'] });
      await finish(await openTask(instance, { caller }), 1);
      const received = await untilReceived(endpoint, 5);
      expect(received.map(({ seq }) => seq)).toEqual([2, 2, 2, 3, 4]);
      expect(new Set(received.slice(0, 3).map(({ id }) => id)).size).toBe(1);
      const delivered = await untilAll(caller, 'delivered', 3);
      const { attempts, attemptCount } = await instance.webhooks.delivery(caller, String(received[0]?.id));
      expect(attemptCount).toBe(3);
      expect(attempts).toMatchObject([attempt, attempt, { status: 200 }]);
      expect(delivered.map(({ lastAttempt }) => lastAttempt?.status)).toEqual([200, 200, 200]);
      expect(receiver.at('elsewhere').received).toEqual([]);
    },
  );

  it('holds up its task alone, and nobody else', async () => {
    const caller = newCaller();
    const [slow, quick] = [newEndpoint(), newEndpoint()];
    let release = (): void => undefined;
    slow.next({ kind: 'slow', until: new Promise((resolve) => (release = resolve)) });
    await subscribe(caller, slow.url);
    await subscribe(caller, quick.url);
    const stuck = await openTask(instance, { caller });
    await untilReceived(slow, 1);
    const free = await openTask(instance, { caller });
    await finish(stuck);
    await finish(free);
    await untilReceived(quick, 8);
    await untilReceived(slow, 5);
    expect(seqsByTask(slow.received).get(free.id)).toEqual([1, 2, 3, 4]);
    expect(seqsByTask(slow.received).get(stuck.id)).toEqual([1]);
    release();
    await untilReceived(slow, 8);
    expect(seqsByTask(slow.received).get(stuck.id)).toEqual([1, 2, 3, 4]);
  });

  it('for good leaves dead letters, which can be sent again', async () => {
    const caller = newCaller();
    const endpoint = newEndpoint();
    endpoint.always(answer(503));
    const { id } = await subscribe(caller, endpoint.url, { states: ['COMPLETED'] });
    await finish(await openTask(instance, { caller }));
    await finish(await openTask(instance, { caller }));
    const dead = await untilAll(caller, 'dead', 2);
    expect(dead.map(({ attemptCount }) => attemptCount)).toEqual([4, 4]);
    expect((await instance.webhooks.get(caller, id)).failingSince).not.toBeNull();

    endpoint.always(answer(200));
    const first = String(dead[0]?.id);
    expect(await instance.webhooks.redeliver(caller, first)).toMatchObject({ id: first });
    await untilAll(caller, 'delivered', 1);
    const bounds = { webhookId: id, status: 'dead', after: null, before: null } as const;
    expect(await instance.webhooks.redeliverAll(caller, { ...bounds, before: '2020-01-01T00:00:00Z' })).toBe(0);
    expect(await instance.webhooks.redeliverAll(caller, bounds)).toBe(1);
    await untilAll(caller, 'delivered', 2);
    expect(endpoint.received.filter((one) => one.id === first)).toHaveLength(5);
    expect((await instance.webhooks.get(caller, id)).failingSince).toBeNull();
  });

  it('with 410 is gone: what waits is dropped, and nothing more is recorded until it is resumed', async () => {
    const caller = newCaller();
    const endpoint = newEndpoint();
    endpoint.next(answer(410));
    const { id } = await subscribe(caller, endpoint.url, { kinds: ['statusUpdate'] });
    const task = await openTask(instance, { caller });
    await until(async () => (await instance.webhooks.get(caller, id)).state === 'gone', {
      what: 'the webhook to be gone',
    });
    await finish(task);
    expect(await instance.webhooks.get(caller, id)).toMatchObject({ stateReason: 'It answered 410 Gone.' });
    expect((await deliveriesOf(caller)).map(({ status }) => status)).toEqual(['dropped']);
    await instance.webhooks.resume(caller, id);
    await openTask(instance, { caller });
    await untilAll(caller, 'delivered', 1);
  });

  it('with 410 loses nothing that happens once it is resumed, however soon that is', async () => {
    const caller = newCaller();
    const endpoint = newEndpoint();
    const { id } = await subscribe(caller, endpoint.url, { kinds: ['statusUpdate'] });
    await instance.webhooks.pause(caller, id);
    await openTask(instance, { caller });
    const [waiting] = await deliveriesOf(caller, 'pending');
    await runOn(
      databaseUrl,
      `UPDATE webhook_endpoints SET state = 'active', claimed_until = 'infinity' WHERE id = '${id}'`,
    );
    const gone: Attempt = {
      deliveryId: waiting?.id ?? '',
      number: 1,
      at: new Date().toISOString(),
      status: 410,
      latencyMs: 1,
      response: null,
      error: null,
      outcome: 'gone',
      nextAt: null,
    };
    // Right behind the statement by which the webhook is gone, its owner resumes it, and something happens.
    const { database } = instance;
    expect(await recordAttempts(database, [gone], 60_000)).toMatchObject([{ id, state: 'gone' }]);
    await instance.webhooks.resume(caller, id);
    await openTask(instance, { caller });
    await dropGone(database, [id], new AbortController().signal);
    await runOn(databaseUrl, `UPDATE webhook_endpoints SET claimed_until = NULL WHERE id = '${id}'`);
    await untilAll(caller, 'delivered', 1);
    expect((await deliveriesOf(caller)).map(({ status }) => status).toSorted()).toEqual(['delivered', 'dropped']);
  });

  it('with a huge answer is believed, and what it said is cut short', async () => {
    const caller = newCaller();
    const endpoint = newEndpoint();
    endpoint.next({ kind: 'flood' });
    await subscribe(caller, endpoint.url, { kinds: ['task'] });
    await openTask(instance, { caller });
    const [delivered] = await untilAll(caller, 'delivered', 1);
    expect(delivered?.lastAttempt?.response).toBe('x'.repeat(1_024));
  });
});

it('a receiver that never answers is given up on in time, and paused when it has failed for too long', async () => {
  const url = (await createTestDatabase()).url;
  const impatient = await startWebhookInstance(url, { timeoutMs: 100, retriesMs: [10, 10, 10, 10], pauseAfterMs: 1 });
  const caller = newCaller();
  const endpoint = newEndpoint();
  endpoint.always({ kind: 'hang' });
  const { webhooks } = impatient;
  const { id } = await webhooks.create(caller, webhooks.parseNew({ url: endpoint.url, kinds: ['task'] }));
  await openTask(impatient, { caller });
  const paused = await until(
    async () => {
      const webhook = await webhooks.get(caller, id);
      return webhook.state === 'paused' && webhook;
    },
    { what: 'the webhook to be paused' },
  );
  expect(paused.stateReason).toBe('Every delivery has failed for too long; the last: There was no answer in time.');
  expect(endpoint.received).toHaveLength(2);
  endpoint.always(answer(200));
  await webhooks.resume(caller, id);
  await untilReceived(endpoint, 3);
  expect(new Set(endpoint.received.map((one) => one.id)).size).toBe(1);
});

it('a webhook that is paused gets what happened meanwhile when it is resumed', async () => {
  const caller = newCaller();
  const endpoint = newEndpoint();
  const { id } = await subscribe(caller, endpoint.url);
  await instance.webhooks.pause(caller, id);
  await finish(await openTask(instance, { caller }));
  expect((await deliveriesOf(caller, 'pending')).map(({ attemptCount }) => attemptCount)).toEqual([0, 0, 0, 0]);
  await instance.webhooks.resume(caller, id);
  expect((await untilReceived(endpoint, 4)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

it('Retry-After holds an event back', async () => {
  const caller = newCaller();
  const endpoint = newEndpoint();
  endpoint.next(answer(429, { 'retry-after': '3600' }));
  await subscribe(caller, endpoint.url, { kinds: ['task'] });
  await openTask(instance, { caller });
  const [waiting] = await until(
    async () => {
      const found = await deliveriesOf(caller, 'pending');
      return found[0]?.attemptCount === 1 && found;
    },
    { what: 'the first attempt' },
  );
  const wait = Date.parse(String(waiting?.nextAttemptAt)) - Date.parse(String(waiting?.lastAttempt?.at));
  expect(Math.round(wait / 60_000)).toBe(60);
});

it('a new secret signs beside the old one until that ends', async () => {
  const caller = newCaller();
  const endpoint = newEndpoint();
  const first = await subscribe(caller, endpoint.url, { kinds: ['task'] });
  const second = await instance.webhooks.rotate(caller, first.id, { overlapSeconds: 600 });
  await openTask(instance, { caller });
  const [both] = await untilReceived(endpoint, 1);
  for (const secret of [first.secret, second.secret]) expect(verified(both as Received, secret)).toBeDefined();
  const third = await instance.webhooks.rotate(caller, first.id, { overlapSeconds: 0 });
  await openTask(instance, { caller });
  const [, last] = await untilReceived(endpoint, 2);
  expect(verified(last as Received, third.secret)).toBeDefined();
  expect(() => verified(last as Received, first.secret)).toThrow(/signature/);
  expect(JSON.stringify(await instance.webhooks.get(caller, first.id))).not.toContain('whsec');
});
