/** Numbers and times that no column holds are refused over every binding, naming the field, and never reach PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';

const TASKS = 'urn:continuo:a2a:tasks:v1';
let url: string;
let echo: string;
let taskId: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  ({ url } = await startServer({ env: { DATABASE_URL: databaseUrl } }));
  echo = `${url}/agents/function/echo`;
  taskId = textAt((await call('POST', `${echo}/tasks`, { body: { message: 'hello', wait: true } })).body, 'id');
});

/** HTTP's status, JSON-RPC's code if there is one, and the field at fault. */
function refusal({ status, body }: Answer): unknown {
  const error = at(body, 'error');
  const info = at(error, 'data', 0) ?? at(error, 'details', 0);
  return { status, code: at(error, 'code'), field: at(info, 'metadata', 'field') };
}

const newMessage = () => ({ messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] });
const oldMessage = () => ({
  kind: 'message',
  messageId: randomUUID(),
  role: 'user',
  parts: [{ kind: 'text', text: 'hello' }],
});
const old = (method: string, params: unknown): Promise<Answer> =>
  call('POST', echo, { body: { jsonrpc: '2.0', id: 1, method, params } });

describe.each(['2147483648', '1e30', '9'.repeat(40), '1e999', '-1', '1.5', '9007199254740993'])(
  'historyLength %s',
  (written) => {
    /** The body with the number as it is written: JSON.stringify would write another. */
    const raw = (body: unknown): string => JSON.stringify(body).replaceAll('"?"', written);
    const rpc = (method: string, params: unknown): string => raw({ jsonrpc: '2.0', id: 1, method, params });
    const v1 = { 'a2a-version': '1.0' };

    it('is refused over JSON-RPC', async () => {
      for (const body of [
        rpc('GetTask', { id: taskId, historyLength: '?' }),
        rpc('ListTasks', { historyLength: '?' }),
      ]) {
        const answer = await call('POST', echo, { body, headers: v1 });
        expect(refusal(answer)).toEqual({ status: 200, code: -32602, field: 'historyLength' });
      }
      const body = rpc('SendMessage', { message: newMessage(), configuration: { historyLength: '?' } });
      expect(refusal(await call('POST', echo, { body, headers: v1 }))).toEqual({
        status: 200,
        code: -32602,
        field: 'configuration.historyLength',
      });
    });

    it('is refused over HTTP+JSON and the HTTP API', async () => {
      const query = `historyLength=${encodeURIComponent(written)}`;
      for (const path of [
        `${echo}/tasks/${taskId}`,
        `${echo}/tenant/tasks`,
        `${url}/tasks/${taskId}`,
        `${url}/tasks`,
      ]) {
        expect(refusal(await call('GET', `${path}?${query}`))).toMatchObject({ status: 400, field: 'historyLength' });
      }
      const body = raw({ message: newMessage(), configuration: { historyLength: '?' } });
      expect(refusal(await call('POST', `${echo}/message:send`, { body }))).toMatchObject({
        status: 400,
        field: 'configuration.historyLength',
      });
    });

    it('is refused over A2A 0.3', async () => {
      const answer = await call('POST', echo, { body: rpc('tasks/get', { id: taskId, historyLength: '?' }) });
      expect(refusal(answer)).toMatchObject({ code: -32602 });
      const send = { message: oldMessage(), configuration: { historyLength: '?' } };
      expect(refusal(await call('POST', echo, { body: rpc('message/send', send) }))).toMatchObject({ code: -32602 });
      const rest = await call('GET', `${echo}/v1/tasks/${taskId}?historyLength=${encodeURIComponent(written)}`);
      expect(rest.status).toBe(400);
    });
  },
);

describe.each([
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+01:00',
  '9999-12-31T23:59:59-12:00',
  '+010000-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-31 12:00',
  'infinity',
])('the time %s', (time) => {
  it('is refused as the beginning of a task', async () => {
    const said = { message: 'hello', startAt: time };
    expect(refusal(await call('POST', `${echo}/tasks`, { body: said }))).toMatchObject({
      status: 400,
      field: 'startAt',
    });
    const field = `message.metadata["${TASKS}"].startAt`;
    const message = { ...newMessage(), metadata: { [TASKS]: { startAt: time } } };
    expect(refusal(await callRpc(echo, 'SendMessage', { message }))).toMatchObject({ code: -32602, field });
    const metadata = { [TASKS]: { startAt: time } };
    expect(refusal(await callRpc(echo, 'SendMessage', { message: newMessage(), metadata }))).toMatchObject({
      code: -32602,
      field: `metadata["${TASKS}"].startAt`,
    });
    expect(refusal(await old('message/send', { message: oldMessage(), metadata }))).toMatchObject({ code: -32602 });
  });

  it('is refused as a bound of a list, of deliveries, and as the end of a key', async () => {
    const query = `statusTimestampAfter=${encodeURIComponent(time)}`;
    for (const path of [`${url}/tasks`, `${echo}/tasks`, `${echo}/tenant/tasks`]) {
      expect(refusal(await call('GET', `${path}?${query}`))).toMatchObject({
        status: 400,
        field: 'statusTimestampAfter',
      });
    }
    expect(refusal(await callRpc(echo, 'ListTasks', { statusTimestampAfter: time }))).toMatchObject({ code: -32602 });
    for (const field of ['after', 'before']) {
      const body = { endpoint: randomUUID(), [field]: time };
      expect(refusal(await call('POST', `${url}/webhooks/deliveries:redeliver`, { body }))).toMatchObject({
        status: 400,
        field,
      });
    }
    const key = { owner: 'ada', scopes: ['read'], expiresAt: time };
    expect(refusal(await call('POST', `${url}/keys`, { body: key }))).toMatchObject({
      status: 400,
      field: 'expiresAt',
    });
  });

  it('is refused in the tokens of pages', async () => {
    const token = Buffer.from(JSON.stringify([time.replace(/Z$/, '.000000Z'), randomUUID()])).toString('base64url');
    for (const path of [`${url}/tasks`, `${url}/sessions`, `${url}/sessions?shared=true`, `${url}/webhooks`]) {
      const answer = await call('GET', `${path}${path.includes('?') ? '&' : '?'}pageToken=${token}`);
      expect(refusal(answer)).toMatchObject({ status: 400, field: 'pageToken' });
    }
  });
});

it('refuses the page token of another list', async () => {
  for (const message of ['one', 'two']) await call('POST', `${echo}/tasks`, { body: { message } });
  const { body: page } = await call('GET', `${url}/tasks?pageSize=1`);
  const { nextPageToken: token } = page as { readonly nextPageToken: string };
  expect((await call('GET', `${url}/tasks?pageSize=1&pageToken=${token}`)).status).toBe(200);
  for (const path of [
    'sessions?',
    'sessions?shared=true&',
    'webhooks?',
    'files?',
    'memories?',
    'webhooks/deliveries?',
  ]) {
    const answer = await call('GET', `${url}/${path}pageToken=${token}`);
    expect(refusal(answer)).toMatchObject({ status: 400, field: 'pageToken' });
  }
});

it('takes the first and the last time, in any offset', async () => {
  for (const time of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-01-31T12:00:00+23:59']) {
    expect((await call('GET', `${url}/tasks?statusTimestampAfter=${encodeURIComponent(time)}`)).status).toBe(200);
    const body = { endpoint: randomUUID(), after: time };
    expect((await call('POST', `${url}/webhooks/deliveries:redeliver`, { body })).status).toBeLessThan(500);
  }
  for (const startAt of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z']) {
    const made = await call('POST', `${echo}/tasks`, { body: { message: 'hello', startAt } });
    expect(made.status).toBe(201);
  }
});

describe.each([
  ['priority', { message: 'hello', priority: 1e30 }],
  ['priority', { message: 'hello', priority: 1.5 }],
])('%s', (field, body) => {
  it(`of ${JSON.stringify(body)} is refused`, async () => {
    expect(refusal(await call('POST', `${echo}/tasks`, { body }))).toMatchObject({ status: 400, field });
  });
});

it('refuses numbers beyond reason in other places', async () => {
  const events = `${url}/tasks/${taskId}/events`;
  for (const id of ['9'.repeat(16), '1e3', '-1', '9'.repeat(15)]) {
    expect(refusal(await call('GET', events, { headers: { 'last-event-id': id } }))).toMatchObject({
      status: 400,
      field: 'Last-Event-ID',
    });
  }
  for (const id of [`${'9'.repeat(20)}.${taskId}.1`, `1.${taskId}.${'9'.repeat(16)}`, '-1', '1e30']) {
    const answer = await call('GET', `${url}/tasks/events`, { headers: { 'last-event-id': id } });
    expect(refusal(answer)).toMatchObject({ status: 400, field: 'Last-Event-ID' });
  }
  for (const size of ['1e1', '9'.repeat(30), '0', '101']) {
    expect(refusal(await call('GET', `${url}/tasks?pageSize=${size}`))).toMatchObject({
      status: 400,
      field: 'pageSize',
    });
  }
  for (const position of [1e300, -1e300, 2 ** 63]) {
    const token = Buffer.from(JSON.stringify(position)).toString('base64url');
    const answer = await call('GET', `${url}/webhooks/deliveries?pageToken=${token}`);
    expect(refusal(answer)).toMatchObject({ status: 400, field: 'pageToken' });
  }
});
