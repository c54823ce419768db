/** The audit log over HTTP: admins see what was done in their tenant and who could not sign in, and nothing of other tenants. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { at, call, textAt } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import type { Client } from '../support/strangers.js';
import { until } from '../support/until.js';
import { walkedServer, type WalkedServer } from '../support/walked-server.js';

let server: WalkedServer;
let admin: Client;
let stranger: Client;

beforeAll(async () => {
  server = await walkedServer();
  admin = await server.client('ada', 'home', ['read', 'write', 'admin']);
  stranger = await server.client('eve', 'elsewhere', ['read', 'write', 'admin']);
});

afterAll(() => server.close());

const audit = (query = '', { headers }: Client = admin) => call('GET', `${server.url}/audit${query}`, { headers });

async function entries(query = '', client = admin): Promise<readonly unknown[]> {
  return at((await audit(query, client)).body, 'entries') as readonly unknown[];
}

async function madeKey(owner: string): Promise<{ readonly id: string; readonly key: string }> {
  const body = { owner, scopes: ['read'] };
  const made = await call('POST', `${server.url}/keys`, { headers: admin.headers, body });
  return { id: textAt(made.body, 'id'), key: textAt(made.body, 'key') };
}

it('has who made and revoked a key, in pages and filtered', async () => {
  const { id } = await madeKey('bob');
  await call('DELETE', `${server.url}/keys/${id}`, { headers: admin.headers });
  const [revoked, created] = await entries(`?subject=${id}`);
  expect(revoked).toMatchObject({ action: 'key.revoked', owner: 'ada', subject: id });
  expect(created).toMatchObject({ action: 'key.created', owner: 'ada', details: { keyOwner: 'bob' } });
  expect(await entries(`?subject=${id}&action=key.created`)).toEqual([created]);
  expect(await entries(`?subject=${id}&from=${encodeURIComponent('2999-01-01T00:00:00Z')}`)).toEqual([]);

  const first = await audit(`?subject=${id}&pageSize=1`);
  expect(at(first.body, 'entries')).toEqual([revoked]);
  const second = await audit(`?subject=${id}&pageSize=1&pageToken=${textAt(first.body, 'nextPageToken')}`);
  expect(second.body).toEqual({ entries: [created], nextPageToken: '' });
});

it('has the newest first, also where their numbers get longer', async () => {
  await runOn(server.databaseUrl, "SELECT setval(pg_get_serial_sequence('audit_log', 'id'), 99995)");
  const made: string[] = [];
  for (let n = 0; n < 9; n += 1) made.unshift((await madeKey('gus')).id);
  const found: string[] = [];
  for (let token = ''; found.length < made.length;) {
    const { body } = await audit(`?action=key.created&pageSize=4&pageToken=${token}`);
    found.push(...(at(body, 'entries') as readonly unknown[]).map((entry) => textAt(entry, 'subject')));
    token = textAt(body, 'nextPageToken');
  }
  expect(found.slice(0, made.length)).toEqual(made);
});

it('has who could not sign in, counted, for the tenant whose key it was, and no secret', async () => {
  const { id, key } = await madeKey('carl');
  await call('DELETE', `${server.url}/keys/${id}`, { headers: admin.headers });
  for (let time = 0; time < 3; time += 1) {
    const refused = await call('GET', `${server.url}/tasks`, { headers: { authorization: `Bearer ${key}` } });
    expect(refused.status).toBe(401);
  }
  const prefix = key.split('_').slice(0, 2).join('_');
  const found = await until(
    async () => {
      const failed = await entries(`?action=sign-in.failed&subject=${prefix}`);
      const times = failed.reduce((sum: number, entry) => sum + Number(at(entry, 'details', 'times')), 0);
      return times === 3 && failed;
    },
    { what: 'three failed sign-ins to be recorded' },
  );
  expect(found[0]).toMatchObject({ owner: null, details: { keyOwner: 'carl', keyId: id, from: '127.0.0.1' } });
  expect(JSON.stringify((await audit()).body)).not.toContain(key);
  expect(await entries('?action=sign-in.failed', stranger)).toEqual([]);
});

it('is exported as lines', async () => {
  await madeKey('dora');
  const response = await fetch(`${server.url}/audit/export?action=key.created&owner=ada`, { headers: admin.headers });
  expect(response.headers.get('content-disposition')).toBe('attachment; filename=audit.ndjson');
  const lines = (await response.text()).trim().split('\n');
  const listed = await entries('?action=key.created&owner=ada');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(listed);
});

it("shows nothing of other tenants, and tells those who may not look and what can't be asked", async () => {
  const { id } = await madeKey('emil');
  expect(await entries(`?subject=${id}`, stranger)).toEqual([]);
  const reader = await server.client('fay', 'home', ['read', 'write']);
  expect((await audit('', reader)).status).toBe(403);
  const wrong = await audit('?action=key.eaten');
  expect(wrong.status).toBe(400);
  expect(textAt(wrong.body, 'error', 'message')).toContain('action: expected one of session.deleted');
});
