/** Who may come in: keys and tokens on two instances, as a caller and as an admin see them; and what the log says of them. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Message } from '@a2a-js/sdk';
import type { ServiceError } from '@grpc/grpc-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { framesOf } from '../support/event-stream.js';
import { callGrpc, grpcClient, grpcOf, outcomeOf, reflect, streamGrpc } from '../support/grpc-calls.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { keysCommand, newKey as newKeyOf } from '../support/keys-command.js';
import { startIssuer, type Issuer } from '../support/oidc-issuer.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
const countdown = { message: { parts: [{ data: { steps: 10_000, delayMs: 50 } }] } };

let issuer: Issuer;
let databaseUrl: string;
let servers: readonly [ServerProcess, ServerProcess];
let url: string;
let other: string;
/** Everything that is secret: no log may have it. */
const secrets: string[] = [];

const bearer = (credentials: string) => ({ authorization: `Bearer ${credentials}` });

async function newKey(...args: readonly string[]): Promise<string> {
  const key = await newKeyOf(databaseUrl, ...args);
  secrets.push(key);
  return key;
}

async function tokenFor(claims: Readonly<Record<string, unknown>>): Promise<string> {
  const token = await issuer.token(claims);
  secrets.push(token);
  return token;
}

const list = (credentials: string, server = url): Promise<Answer> =>
  call('GET', `${server}/tasks`, { headers: bearer(credentials) });

const reasonOf = ({ body }: Answer): unknown =>
  at(body, 'error', 'data', 0, 'reason') ?? at(body, 'error', 'details', 0, 'reason');

beforeAll(async () => {
  issuer = await startIssuer();
  ({ url: databaseUrl } = await createTestDatabase());
  const env = {
    DATABASE_URL: databaseUrl,
    HOST: '0.0.0.0',
    CONTINUO_AUTH: 'keys,jwt',
    CONTINUO_JWT_ISSUER: issuer.url,
    CONTINUO_JWT_AUDIENCE: 'continuo',
    CONTINUO_JWT_TENANT_CLAIM: 'org',
    CONTINUO_LOG_LEVEL: 'trace',
    CONTINUO_GRPC_PORT: '0',
  };
  servers = await Promise.all([startServer({ env }), startServer({ env })]);
  [url, other] = [servers[0].url, servers[1].url];
});

describe('a key', () => {
  it('is made by the command, works on every instance, and is stored as a hash', async () => {
    const key = await newKey('--owner', 'ada', '--expires', '90d');
    expect(key).toMatch(/^ck_[0-9a-f]{12}_[\w-]{43}$/);
    for (const server of [url, other]) expect((await list(key, server)).status).toBe(200);
    const stored = JSON.stringify(await runOn(databaseUrl, 'SELECT *, encode(hash, $$escape$$) AS text FROM api_keys'));
    expect(stored).toContain(key.slice(0, 15));
    expect(stored).not.toContain(key.slice(16));
    expect((await keysCommand(databaseUrl, 'list')).stdout).toMatch(
      new RegExp(`${key.slice(0, 15)}…\tada\tada\tread,write\tused`),
    );
  });

  it('is refused when it is anything but itself, in the form of each transport', async () => {
    const key = await newKey('--owner', 'ada');
    const changed = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    const echo = `${url}/agents/function/echo`;
    for (const credentials of [undefined, changed, key.slice(0, -1), key.slice(0, 16), 'ck_', 'nonsense']) {
      const headers = credentials === undefined ? {} : bearer(credentials);
      const refusals = {
        rpc: await callRpc(echo, 'SendMessage', { message }, headers),
        rpc03: await call('POST', echo, { headers, body: { jsonrpc: '2.0', id: 1, method: 'message/send' } }),
        rest: await call('POST', `${echo}/message:send`, { headers, body: { message } }),
        stream: await call('POST', `${echo}/message:stream`, { headers, body: { message } }),
        api: await call('GET', `${url}/tasks/events`, { headers }),
      };
      for (const refusal of Object.values(refusals)) {
        expect([refusal.status, reasonOf(refusal)]).toEqual([401, 'UNAUTHENTICATED']);
        expect(refusal.headers.get('www-authenticate')).toBe(
          credentials === undefined ? 'Bearer realm="continuo"' : 'Bearer realm="continuo", error="invalid_token"',
        );
      }
      expect(refusals.rpc.body).toMatchObject({ jsonrpc: '2.0', id: 1, error: { code: -32_603 } });
      expect(refusals.rpc03.body).toMatchObject({ id: 1 });
      expect(refusals.rest.body).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
    }
  });

  it('may do what its scopes say', async () => {
    const [reader, writer] = [await newKey('--owner', 'ada', '--scopes', 'read'), await newKey('--owner', 'ada')];
    const echo = `${url}/agents/function/echo`;
    const refusals = [
      await callRpc(echo, 'SendMessage', { message }, bearer(reader)),
      await call('POST', `${echo}/message:send`, { headers: bearer(reader), body: { message } }),
      await call('POST', `${echo}/tasks`, { headers: bearer(reader), body: { message: 'hello' } }),
      await call('GET', `${url}/keys`, { headers: bearer(writer) }),
    ];
    for (const refusal of refusals) expect([refusal.status, reasonOf(refusal)]).toEqual([403, 'PERMISSION_DENIED']);
    expect(refusals[0]?.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="write"');
    expect(refusals[1]?.body).toMatchObject({ error: { code: 403, status: 'PERMISSION_DENIED' } });
  });

  it('that is for one agent opens that one alone', async () => {
    const key = await newKey('--owner', 'ada', '--agents', 'function/echo');
    const ask = (path: string) => call('GET', `${url}${path}`, { headers: bearer(key) });
    expect((await ask('/agents/function/echo/tasks')).status).toBe(200);
    for (const path of [
      '/agents/function/countdown/tasks',
      '/agents',
      '/tasks',
      '/sessions',
      '/agents/function%2fecho/x',
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 403]);
    }
  });

  it('of an admin makes keys of its own tenant, shows each once, and revokes them everywhere at once', async () => {
    const admin = bearer(await newKey('--owner', 'root', '--scopes', 'admin', '--tenant', 'acme'));
    const made = await call('POST', `${url}/keys`, {
      headers: admin,
      body: { owner: 'eve', scopes: ['read', 'write'] },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ owner: 'eve', tenant: 'acme', scopes: ['read', 'write'] });
    const [id, key] = [textAt(made.body, 'id'), textAt(made.body, 'key')];
    secrets.push(key);
    const listed = await call('GET', `${url}/keys?pageSize=1`, { headers: admin });
    expect(at(listed.body, 'keys', 0)).toMatchObject({ id, prefix: key.slice(0, 15) });
    expect(JSON.stringify(listed.body)).not.toContain(key.slice(16));

    const begun = await call('POST', `${other}/agents/function/countdown/tasks`, {
      headers: bearer(key),
      body: countdown,
    });
    const stream = framesOf(await fetch(`${other}/tasks/${textAt(begun.body, 'id')}/events`, { headers: bearer(key) }));
    expect((await stream.next()).done).toBe(false);

    const strange = bearer(await newKey('--owner', 'root', '--scopes', 'admin'));
    expect((await call('DELETE', `${url}/keys/${id}`, { headers: strange })).status).toBe(404);
    expect((await list(key, other)).status).toBe(200);
    expect((await call('DELETE', `${url}/keys/${id}`, { headers: admin })).status).toBe(204);
    expect((await list(key, other)).status).toBe(401);
    expect((await list(key)).status).toBe(401);
    // The stream that it has opened breaks off.
    await expect(
      (async () => {
        for await (const frame of stream) expect(frame.data).toBeDefined();
      })(),
    ).rejects.toThrow('terminated');
  });

  it('is made once under an idempotency key, and never shown again', async () => {
    const admin = bearer(await newKey('--owner', 'root', '--scopes', 'admin', '--tenant', 'acme'));
    const headers = { ...admin, 'idempotency-key': 'one' };
    const body = { owner: 'eve', scopes: ['read'] };
    const [first, second] = [
      await call('POST', `${url}/keys`, { headers, body }),
      await call('POST', `${other}/keys`, { headers, body }),
    ];
    secrets.push(textAt(first.body, 'key'));
    expect(textAt(second.body, 'id')).toBe(textAt(first.body, 'id'));
    expect(second.body).not.toHaveProperty('key');
  });

  it('ends when it expires', async () => {
    const admin = bearer(await newKey('--owner', 'root', '--scopes', 'admin'));
    const expiresAt = new Date(new Date().getTime() + 1500).toISOString();
    const made = await call('POST', `${url}/keys`, {
      headers: admin,
      body: { owner: 'eve', scopes: ['read'], expiresAt },
    });
    const key = textAt(made.body, 'key');
    secrets.push(key);
    const refusal = await until(
      async () => {
        const answer = await list(key);
        return answer.status !== 200 && answer;
      },
      { what: 'the key to expire' },
    );
    expect(reasonOf(refusal)).toBe('UNAUTHENTICATED');
  });

  it('is not made by a command that says it wrongly', async () => {
    const create = ['create', '--owner', 'x'];
    for (const [said, ...args] of [
      ['create needs --owner', 'create'],
      ['--owner: expected string to have >=1 characters', 'create', '--owner', ''],
      ['--owner: expected string to have <=256 characters', 'create', '--owner', 'x'.repeat(257)],
      ['--scopes: expected one of read, write, admin', ...create, '--scopes', 'all'],
      ['--agents: expected type/name', ...create, '--agents', 'echo'],
      ['--agents: expected type/name', ...create, '--agents', ''],
      ['--tenant: expected string to have >=1 characters', ...create, '--tenant', ''],
      ['--expires takes a number of days or hours', ...create, '--expires', '0d'],
      ['Key x was not found', 'revoke', 'x'],
      ['Which command?', 'sing'],
    ] as const) {
      await expect(keysCommand(databaseUrl, ...args)).rejects.toThrow(said);
    }
  });
});

describe('a token', () => {
  it('says who the owner and the tenant are, and what they may do', async () => {
    const token = await tokenFor({ sub: 'grace', org: 'navy', scope: 'openid continuo:read' });
    const card = await callRpc(`${url}/agents/function/echo`, 'GetExtendedAgentCard', {}, bearer(token));
    const extensions = at(card.body, 'result', 'capabilities', 'extensions') as readonly unknown[];
    expect(extensions.at(-1)).toMatchObject({ params: { owner: 'grace', tenant: 'navy', scopes: ['read'] } });
    const sent = await callRpc(`${url}/agents/function/echo`, 'SendMessage', { message }, bearer(token));
    expect(sent.status).toBe(403);
    const plain = await tokenFor({ sub: 'grace', org: 'navy', scope: 'openid' });
    expect((await callRpc(`${url}/agents/function/echo`, 'SendMessage', { message }, bearer(plain))).status).toBe(200);
  });

  it('is refused when it is for others, over, without an end, of nobody, or not signed by the issuer', async () => {
    const good = { sub: 'grace', org: 'navy' };
    expect((await list(await tokenFor(good))).status).toBe(200);
    const [header = '', payload = '', signature = ''] = (await tokenFor(good)).split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${encode({ alg: 'none' })}.${payload}.`;
    const unsigned = `${encode({ alg: 'HS256' })}.${payload}`;
    const symmetric = `${unsigned}.${createHmac('sha256', issuer.publicKeys()).update(unsigned).digest('base64url')}`;
    const forged = `${header}.${encode({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'ada' })}.${signature}`;
    const wrong = [
      await tokenFor({ ...good, aud: 'others' }),
      await tokenFor({ ...good, iss: 'https://elsewhere.example' }),
      await tokenFor({ ...good, exp: 1 }),
      await tokenFor({ ...good, exp: undefined }),
      await tokenFor({ ...good, nbf: 99_999_999_999 }),
      await tokenFor({ ...good, sub: '' }),
      await tokenFor({ sub: 'grace' }),
      await tokenFor({ ...good, org: 7 }),
      none,
      symmetric,
      forged,
    ];
    for (const token of wrong) expect([token, (await list(token)).status]).toEqual([token, 401]);
  });

  it('of a new key of the issuer is accepted, and of the withdrawn one no more', async () => {
    const before = await tokenFor({ sub: 'grace', org: 'navy' });
    expect((await list(before)).status).toBe(200);
    for (const alg of ['ES256', 'EdDSA']) {
      await issuer.rotate(alg);
      const after = await tokenFor({ sub: 'grace', org: 'navy' });
      await until(async () => (await list(after)).status === 200, {
        what: `a token of the new ${alg} key to be accepted`,
      });
    }
    expect((await list(before)).status).toBe(401);
  });
});

describe('gRPC', () => {
  const echo = { tenant: 'function/echo' };
  const sent = { ...echo, message: Message.fromJSON(message) };

  it('opens for the same keys and tokens, for what they may do, and for nobody else', async () => {
    const { address } = await grpcOf(url, 'function/echo');
    const client = grpcClient(address);
    const ask = (method: string, request: object, metadata = {}) => callGrpc(client, method, request, { metadata });
    for (const metadata of [{}, bearer('nonsense'), { authorization: 'Basic eDp5' }]) {
      const refusal = await ask('sendMessage', sent, metadata);
      expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED', info: { reason: 'UNAUTHENTICATED' } });
    }
    const [key, reader] = [await newKey('--owner', 'ada'), await newKey('--owner', 'ada', '--scopes', 'read')];
    const token = await tokenFor({ sub: 'grace', org: 'navy' });
    for (const metadata of [bearer(key), { 'x-api-key': key }, bearer(token)]) {
      expect((await ask('sendMessage', sent, metadata)).code).toBe('OK');
    }
    const denied = { code: 'PERMISSION_DENIED', info: { reason: 'PERMISSION_DENIED' } };
    expect(await ask('sendMessage', sent, bearer(reader))).toMatchObject(denied);
    const one = bearer(await newKey('--owner', 'ada', '--agents', 'function/countdown'));
    expect(await ask('sendMessage', sent, one)).toMatchObject(denied);
    const strange = await ask('sendMessage', { ...sent, tenant: 'acme/function/echo' }, bearer(key));
    expect(strange.code).toBe('NOT_FOUND');
    const { answer } = await ask('getExtendedAgentCard', echo, bearer(token));
    const extensions = at(answer, 'capabilities', 'extensions') as readonly unknown[];
    expect(extensions.at(-1)).toMatchObject({ params: { owner: 'grace', tenant: 'navy' } });
    expect((await reflect(address, 'v1')).services).toContain('lf.a2a.v1.A2AService');
    client.close();
  });

  it('breaks off what was opened with a key that is revoked', async () => {
    const admin = bearer(await newKey('--owner', 'root', '--scopes', 'admin'));
    const made = await call('POST', `${url}/keys`, {
      headers: admin,
      body: { owner: 'eve', scopes: ['read', 'write'] },
    });
    secrets.push(textAt(made.body, 'key'));
    const client = grpcClient((await grpcOf(other, 'function/countdown')).address);
    const data = { messageId: 'm', role: 'ROLE_USER', parts: [{ data: { steps: 10_000, delayMs: 50 } }] };
    const request = { tenant: 'function/countdown', message: Message.fromJSON(data) };
    const stream = streamGrpc(client, 'sendStreamingMessage', request, bearer(textAt(made.body, 'key')));
    const broken = once(stream, 'error');
    await once(stream.resume(), 'data');
    expect((await call('DELETE', `${url}/keys/${textAt(made.body, 'id')}`, { headers: admin })).status).toBe(204);
    const [error] = (await broken) as [ServiceError];
    expect(outcomeOf(error)).toMatchObject({ code: 'UNAUTHENTICATED', info: { reason: 'UNAUTHENTICATED' } });
    client.close();
  });
});

it('shows everybody the health, the cards and how to get in, and nothing else', async () => {
  const card = await call('GET', `${url}/agents/function/echo/.well-known/agent-card.json`);
  expect(card.body).toMatchObject({
    capabilities: { extendedAgentCard: true },
    securitySchemes: {
      keys: { httpAuthSecurityScheme: { scheme: 'Bearer' } },
      apiKey: { apiKeySecurityScheme: { location: 'header', name: 'X-API-Key' } },
      jwt: { openIdConnectSecurityScheme: { openIdConnectUrl: `${issuer.url}/.well-known/openid-configuration` } },
    },
    securityRequirements: ['keys', 'apiKey', 'jwt'].map((scheme) => ({ schemes: { [scheme]: {} } })),
  });
  const discovery = ['agent-card.json', 'jwks.json', 'ai-catalog.json'].map((name) => `/.well-known/${name}`);
  for (const path of ['/healthz', '/readyz', ...discovery]) {
    expect([path, (await call('GET', `${url}${path}`)).status]).toEqual([path, 200]);
  }
  for (const path of [
    '/agents',
    '/AGENTS',
    '/agents/',
    '/tasks/',
    '/sessions?x',
    '/keys',
    '/webhooks',
    '/Tasks/events',
  ]) {
    expect([path, (await call('GET', `${url}${path}`)).status]).toEqual([path, 401]);
  }
});

it('has nobody keep what is for one caller, and what is for everybody be kept', async () => {
  const headers = bearer(await newKey('--owner', 'ada', '--scopes', 'read,write,admin'));
  const echo = `${url}/agents/function/echo`;
  for (const answer of [
    await call('GET', `${url}/tasks`, { headers }),
    await call('GET', `${url}/sessions/unknown`, { headers }),
    await call('GET', `${url}/keys`, { headers }),
    await call('GET', `${url}/agents`, { headers }),
    await call('GET', `${url}/caller`, { headers }),
    await call('GET', `${url}/tasks`),
    await callRpc(echo, 'GetExtendedAgentCard', {}, headers),
    await callRpc(echo, 'SendMessage', { message: { ...message, messageId: 'not to be kept' } }, headers),
  ]) {
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  }
  const extended = await call('GET', `${echo}/extendedAgentCard`, { headers });
  expect(extended.headers.get('cache-control')).toBe('private, max-age=60');
  const card = await call('GET', `${echo}/.well-known/agent-card.json`);
  expect(card.headers.get('cache-control') ?? '').not.toContain('no-store');
});

it('says at the start what tokens without a scope of ours may do', async () => {
  await expect.poll(() => servers[0].output(), { timeout: 60_000 }).toMatch(/may read and write; CONTINUO_JWT_SCOPES/);
});

it('writes no key and no token into its log', () => {
  const log = servers.map((server) => server.output()).join('\n');
  expect(log).toContain('"path":"/tasks"');
  expect(secrets.length).toBeGreaterThan(20);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20);
    expect(log).not.toContain(secret.startsWith('ck_') ? secret.slice(16) : (secret.split('.')[2] ?? secret));
  }
});
