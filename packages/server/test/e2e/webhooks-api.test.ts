/** `/webhooks` over HTTP: made, listed, changed, tested and deleted; what was delivered, and sending it again. */
import { beforeAll, expect, it } from 'vitest';
import { at, call, textAt, type Answer } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { refusalOf } from '../support/two-instances.js';
import { until } from '../support/until.js';
import { answer, startReceiver, verified, type Received, type Receiver } from '../support/webhook-receiver.js';
import { untilWritten } from '../support/until-written.js';

let server: ServerProcess;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  server = await startServer({ env: { CONTINUO_WEBHOOK_RETRIES: '0.05,0.05', CONTINUO_LOG_LEVEL: 'trace' } });
});

function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return call(method, `${server.url}/webhooks${path}`, { body, headers });
}

async function echo(text = 'hello'): Promise<string> {
  const body = { message: text, wait: true };
  return textAt((await call('POST', `${server.url}/agents/function/echo/tasks`, { body })).body, 'id');
}

function deliveriesOf(query: string, count: number): Promise<readonly unknown[]> {
  return until(
    async () => {
      const found = at((await ask('GET', `/deliveries?${query}`)).body, 'deliveries') as readonly unknown[];
      return found.length === count && found;
    },
    { what: `${count} deliveries with ${query}` },
  );
}

it('is made, read, listed, changed and deleted', async () => {
  const endpoint = receiver.at('crud');
  const made = await ask('POST', '', {
    url: endpoint.url,
    description: 'for the test',
    agents: ['function/echo'],
    states: ['COMPLETED'],
  });
  expect(made.status).toBe(201);
  const id = textAt(made.body, 'id');
  const shown = {
    id,
    url: endpoint.url,
    description: 'for the test',
    agents: ['function/echo'],
    states: ['TASK_STATE_COMPLETED'],
    sessionIds: null,
    kinds: ['task', 'statusUpdate'],
    state: 'active',
    stateReason: null,
  };
  expect(made.body).toMatchObject({ ...shown, secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/) });
  const read = await ask('GET', `/${id}`);
  expect(read.body).toMatchObject(shown);
  expect(read.body).not.toHaveProperty('secret');
  expect(JSON.stringify((await ask('GET', '')).body)).not.toContain('whsec_');
  const changed = await ask('PATCH', `/${id}`, { states: null, kinds: ['task'] });
  expect(changed.body).toMatchObject({ ...shown, states: null, kinds: ['task'] });
  expect((await ask('POST', `/${id}:pause`)).body).toMatchObject({
    state: 'paused',
    stateReason: 'Paused by its owner.',
  });
  expect((await ask('POST', `/${id}:resume`)).body).toMatchObject({ state: 'active', stateAt: null });
  expect((await ask('DELETE', `/${id}`)).status).toBe(204);
  for (const [method, path] of [
    ['GET', `/${id}`],
    ['PATCH', `/${id}`],
    ['DELETE', `/${id}`],
    ['POST', `/${id}:rotate`],
    ['POST', `/${id}:pause`],
    ['POST', `/${id}:resume`],
    ['POST', `/${id}:test`],
    ['GET', '/nonsense'],
  ] as const) {
    const refused = await ask(method, path, method === 'PATCH' ? {} : undefined);
    expect(refusalOf(refused)).toMatchObject({ http: 404, reason: 'WEBHOOK_NOT_FOUND' });
  }
});

it.each([
  [{}, 'url'],
  [{ url: 'nonsense' }, 'url'],
  [{ url: 'http://10.0.0.1/' }, 'url'],
  [{ url: 'http://me:pw@127.0.0.1/' }, 'url'],
  [{ url: 'http://127.0.0.1/', states: ['DONE'] }, 'states[0]'],
  [{ url: 'http://127.0.0.1/', states: ['HELD', 'Held'] }, 'states[1]'],
  [{ url: 'http://127.0.0.1/', kinds: ['message'] }, 'kinds[0]'],
  [{ url: 'http://127.0.0.1/', agents: ['echo'] }, 'agents[0]'],
  [{ url: 'http://127.0.0.1/', secret: 'mine' }, 'secret'],
])('refuses %j', async (body, field) => {
  expect(refusalOf(await ask('POST', '', body))).toEqual({ http: 400, reason: 'INVALID_ARGUMENT', field });
});

it('does the same request once, and answers the same', async () => {
  const headers = { 'Idempotency-Key': 'make-one' };
  const answers = await Promise.all([1, 2].map(() => ask('POST', '', { url: receiver.at('once').url }, headers)));
  expect(answers[0]?.body).toEqual(answers[1]?.body);
  const id = textAt(answers[0]?.body, 'id');
  const rotations = [];
  for (let n = 0; n < 2; n += 1) rotations.push(await ask('POST', `/${id}:rotate`, {}, { 'Idempotency-Key': 'turn' }));
  expect(rotations[0]?.status).toBe(200);
  expect(at(rotations[0]?.body, 'secret')).toBe(at(rotations[1]?.body, 'secret'));
  expect(at(rotations[0]?.body, 'secret')).not.toBe(at(answers[0]?.body, 'secret'));
  await ask('DELETE', `/${id}`);
});

it('a test event is signed, and its result is told', async () => {
  const endpoint = receiver.at('test-event');
  const { body } = await ask('POST', '', { url: endpoint.url });
  const path = `/${textAt(body, 'id')}:test`;
  const good = await ask('POST', path);
  expect(good.body).toMatchObject({ ok: true, status: 200, latencyMs: expect.any(Number), error: null });
  endpoint.next(answer(418, {}, 'I am a teapot'));
  expect((await ask('POST', path)).body).toMatchObject({ ok: false, status: 418, response: 'I am a teapot' });
  const received = endpoint.received[0] as Received;
  expect(verified(received, textAt(body, 'secret'))).toMatchObject({ message: { role: 'ROLE_AGENT' } });
  expect(received.id).toBe(at(good.body, 'id'));
  await ask('DELETE', `/${textAt(body, 'id')}`);
});

it('deliveries are listed with what came of them, and sent again', async () => {
  const endpoint = receiver.at('deliveries');
  endpoint.always(answer(500, {}, 'not today'));
  const { body } = await ask('POST', '', { url: endpoint.url, states: ['COMPLETED'] });
  const endpointId = textAt(body, 'id');
  const [first, second] = [await echo(), await echo()];
  const dead = await deliveriesOf(`endpoint=${endpointId}&status=dead`, 2);
  expect(dead.map((one) => at(one, 'taskId'))).toEqual([second, first]);
  expect(dead[0]).toMatchObject({
    webhookId: endpointId,
    url: endpoint.url,
    kind: 'statusUpdate',
    attemptCount: 3,
    nextAttemptAt: null,
    lastAttempt: { number: 3, status: 500, response: 'not today', error: null },
  });
  const page = await ask('GET', `/deliveries?endpoint=${endpointId}&pageSize=1`);
  const rest = await ask('GET', `/deliveries?endpoint=${endpointId}&pageToken=${textAt(page.body, 'nextPageToken')}`);
  expect([at(page.body, 'deliveries', 0), at(rest.body, 'deliveries', 0)]).toEqual(dead);
  expect(at(rest.body, 'nextPageToken')).toBe('');
  expect(await deliveriesOf(`taskId=${first}&endpoint=${endpointId}`, 1)).toHaveLength(1);
  const id = textAt(dead[0], 'id');
  expect(at((await ask('GET', `/deliveries/${id}`)).body, 'attempts')).toHaveLength(3);

  endpoint.always(answer(200));
  const headers = { 'Idempotency-Key': 'again' };
  await ask('POST', `/deliveries/${id}:redeliver`, undefined, headers);
  await deliveriesOf(`endpoint=${endpointId}&status=delivered`, 1);
  await ask('POST', `/deliveries/${id}:redeliver`, undefined, headers);
  const all = await ask('POST', '/deliveries:redeliver', { endpoint: endpointId, after: '2020-01-01T00:00:00Z' });
  expect(all.body).toEqual({ redelivered: 1 });
  await deliveriesOf(`endpoint=${endpointId}&status=delivered`, 2);
  expect(endpoint.received.filter((one) => one.id === id)).toHaveLength(4);

  expect(refusalOf(await ask('GET', '/deliveries/nonsense'))).toMatchObject({
    http: 404,
    reason: 'DELIVERY_NOT_FOUND',
  });
  for (const query of ['status=done', 'pageSize=0', 'pageToken=nonsense']) {
    expect(refusalOf(await ask('GET', `/deliveries?${query}`))).toMatchObject({
      http: 400,
      reason: 'INVALID_ARGUMENT',
    });
  }
  expect(refusalOf(await ask('POST', '/deliveries:redeliver', { status: 'dead' }))).toMatchObject({
    field: 'endpoint',
  });
  await ask('DELETE', `/${endpointId}`);
});

it('a delivery is shown as the request that it is, signed, without what else would prove who sends it', async () => {
  const endpoint = receiver.at('requests');
  const { body: made } = await ask('POST', '', { url: endpoint.url, states: ['COMPLETED'] });
  await echo('Look at me');
  const [delivery] = await deliveriesOf(`endpoint=${textAt(made, 'id')}&status=delivered`, 1);
  const sent = endpoint.received[0] as Received;
  const { body: request } = await ask('GET', `/deliveries/${textAt(delivery, 'id')}/request`);
  expect(request).toMatchObject({
    url: endpoint.url,
    headers: { 'webhook-id': sent.id, 'continuo-jwt': '***', 'content-type': 'application/json' },
  });
  expect(JSON.parse(textAt(request, 'body'))).toEqual(sent.body);
  // What a receiver is sent by hand verifies as what the server sends.
  const headers = at(request, 'headers') as Record<string, string>;
  await fetch(endpoint.url, { method: 'POST', headers, body: textAt(request, 'body') });
  expect(verified(endpoint.received[1] as Received, textAt(made, 'secret'))).toEqual(sent.body);

  await ask('DELETE', `/${textAt(made, 'id')}`);
});

it('what waits says why, and is sent at once when that is asked for, with what has to be sent before it', async () => {
  const endpoint = receiver.at('waiting');
  endpoint.next(answer(503, { 'retry-after': '3600' }, 'later'));
  const { body } = await ask('POST', '', { url: endpoint.url });
  const webhook = textAt(body, 'id');
  await echo();
  const last = await until(
    async () => {
      const { body: page } = await ask('GET', `/deliveries?endpoint=${webhook}&status=pending`);
      const found = at(page, 'deliveries') as readonly unknown[];
      return at(found.at(-1), 'attemptCount') === 1 && at(found[0], 'heldBackBy') === 'earlier' && found[0];
    },
    { what: 'the first event to have failed' },
  );
  expect(last).toMatchObject({ attemptCount: 0, status: 'pending' });
  await ask('POST', `/deliveries/${textAt(last, 'id')}:redeliver`);
  await deliveriesOf(`endpoint=${webhook}&status=pending`, 0);
  const seqs = endpoint.received.map(({ seq }) => seq);
  // The first once more, then each behind it in its turn; this webhook is told of no artifacts.
  expect(seqs).toEqual([1, 1, 2, 4]);

  await ask('POST', `/${webhook}:pause`);
  await echo();
  const [held] = await until(
    async () => {
      const found = at((await ask('GET', `/deliveries?endpoint=${webhook}&status=pending`)).body, 'deliveries');
      return (found as readonly unknown[]).length > 0 && (found as readonly unknown[]);
    },
    { what: 'something to wait for the webhook' },
  );
  expect(held).toMatchObject({ heldBackBy: 'paused' });
  await ask('DELETE', `/${webhook}`);
});

it('lists say on request how webhooks fared, hour by hour, and what went wrong last', async () => {
  const endpoint = receiver.at('health');
  const { body } = await ask('POST', '', { url: endpoint.url, states: ['COMPLETED'] });
  const webhook = textAt(body, 'id');
  await echo();
  await deliveriesOf(`endpoint=${webhook}&status=delivered`, 1);
  endpoint.always(answer(502, {}, 'bad gateway'));
  await echo();
  const [dead] = await deliveriesOf(`endpoint=${webhook}&status=dead`, 1);
  const list = async (query: string) => at((await ask('GET', query)).body, 'webhooks', 0);
  expect(await list('')).not.toHaveProperty('health');
  const health = at(await list('?health=true'), 'health');
  expect(health).toMatchObject({
    complete: true,
    lastFailure: { deliveryId: textAt(dead, 'id'), status: 502, error: null },
  });
  const hours = at(health, 'hours') as readonly { delivered: number; failed: number }[];
  expect(hours).toHaveLength(24);
  const sum = (which: 'delivered' | 'failed') => hours.reduce((total, hour) => total + hour[which], 0);
  expect([sum('delivered'), sum('failed')]).toEqual([1, 1]);
  expect(refusalOf(await ask('GET', '?health=yes'))).toMatchObject({ field: 'health' });
  await ask('DELETE', `/${webhook}`);
});

it('no secret is ever logged', async () => {
  await untilWritten(server, 'webhooks');
  expect(server.output()).not.toContain('whsec_');
});
