/** Webhooks that are proved without a shared secret: by a token of the server's key, which anybody verifies with its public keys. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';
import {
  answer,
  startReceiver,
  type Received,
  type Receiver,
  type ReceiverEndpoint,
} from '../support/webhook-receiver.js';
import { verifyDelivery } from '../support/webhook-verifier.js';

let server: ServerProcess;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  const env = { DATABASE_URL: (await createTestDatabase()).url, CONTINUO_WEBHOOK_RETRIES: '0.01,0.01' };
  server = await startServer({ env });
});

const untilSome = (endpoint: ReceiverEndpoint, count: number): Promise<readonly Received[]> =>
  until(() => endpoint.received.length >= count && endpoint.received, { what: `${count} deliveries` });

function sendTo(url: string, authentication?: object, version = '1.0') {
  const config = { url, ...(authentication === undefined ? {} : { authentication }) };
  const message = { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] };
  const old = { ...message, kind: 'message', role: 'user', parts: [{ kind: 'text', text: 'hello' }] };
  const echo = `${server.url}/agents/function/echo`;
  return version === '1.0'
    ? callRpc(echo, 'SendMessage', { message, configuration: { taskPushNotificationConfig: config } })
    : callRpc(
        echo,
        'message/send',
        { message: old, configuration: { pushNotificationConfig: config } },
        { 'a2a-version': version },
      );
}

it.each(['1.0', '0.3'])(
  'a client of %s that asks for Bearer without credentials is sent a token that it can verify',
  async (version) => {
    const endpoint = receiver.at(randomUUID());
    // The token is made anew for each attempt.
    endpoint.next(answer(500));
    const authentication = version === '1.0' ? { scheme: 'Bearer' } : { schemes: ['Bearer'] };
    const sent = await sendTo(endpoint.url, authentication, version);
    const taskId = textAt(sent.body, 'result', 'task', 'id') || textAt(sent.body, 'result', 'id');
    const received = await untilSome(endpoint, 3);
    const [first, again] = received;
    expect(first?.headers['webhook-id']).toBe(again?.headers['webhook-id']);
    const ids = new Set<unknown>();
    for (const { headers, raw } of received) {
      expect(headers.authorization).toBe(`Bearer ${String(headers['continuo-jwt'])}`);
      const token = headers.authorization?.replace('Bearer ', '');
      const claims = await verifyDelivery(server.url, endpoint.url, { token, body: raw });
      expect(claims).toMatchObject({ aud: endpoint.url, taskId, exp: (claims.iat ?? 0) + 300 });
      ids.add(claims.jti);
    }
    expect(ids.size).toBe(received.length);
  },
);

it('is of no use for another body or another receiver', async () => {
  const endpoint = receiver.at(randomUUID());
  await sendTo(endpoint.url);
  const [first] = await untilSome(endpoint, 1);
  const [token, body = ''] = [first?.headers['continuo-jwt'], first?.raw];
  // Without being asked for, it is not where credentials are expected.
  expect(first?.headers.authorization).toBeUndefined();
  await verifyDelivery(server.url, endpoint.url, { token, body });
  await expect(verifyDelivery(server.url, endpoint.url, { token, body: `${body} ` })).rejects.toThrow('another one');
  await expect(verifyDelivery(server.url, `${endpoint.url}/other`, { token, body })).rejects.toThrow('aud');
});

it('comes with subscriptions beside the signature with their secret, and credentials of a client stay what they are', async () => {
  const endpoint = receiver.at(randomUUID());
  const made = await call('POST', `${server.url}/webhooks`, { body: { url: endpoint.url } });
  const tested = await call('POST', `${server.url}/webhooks/${textAt(made.body, 'id')}:test`);
  expect(at(tested.body, 'ok')).toBe(true);
  const [first] = await untilSome(endpoint, 1);
  expect(first?.headers['webhook-signature']).toMatch(/^v1,/);
  await verifyDelivery(server.url, endpoint.url, { token: first?.headers['continuo-jwt'], body: first?.raw ?? '' });
  await call('DELETE', `${server.url}/webhooks/${textAt(made.body, 'id')}`);

  const other = receiver.at(randomUUID());
  await sendTo(other.url, { scheme: 'Bearer', credentials: 's3cret' });
  const [push] = await untilSome(other, 1);
  expect(push?.headers.authorization).toBe('Bearer s3cret');
  await verifyDelivery(server.url, other.url, { token: push?.headers['continuo-jwt'], body: push?.raw ?? '' });
});
