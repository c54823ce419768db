/** Cards as others see them: signed, cached, with more for those who are known; keys that are replaced; and the catalog. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { headerOf, publishedKeys, verify } from '../support/card-signature.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt } from '../support/http-calls.js';
import { keysCommand, newKey } from '../support/keys-command.js';
import { rawCall } from '../support/raw-calls.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';
import { until } from '../support/until.js';

const CARD = '/.well-known/agent-card.json';
const ECHO = `/agents/function/echo${CARD}`;
const CLERK = '/agents/context/clerk';
const flows = {
  clientCredentials: { tokenUrl: 'https://issuer.example/token', scopes: { read: 'Read' } },
  deviceCode: { deviceAuthorizationUrl: 'https://issuer.example/device', tokenUrl: 'https://issuer.example/token' },
};

let databaseUrl: string;
/** Without authentication. */
let local: ServerProcess;
/** With keys and tokens, on the same database, under a public address. */
let guarded: ServerProcess;
let key: string;

const cardOf = async (url: string, path = ECHO): Promise<unknown> => (await call('GET', url + path)).body;
const namesOf = (card: unknown): unknown => {
  const skills = at(card, 'skills');
  return Array.isArray(skills) ? skills.map((skill) => textAt(skill, 'name')) : undefined;
};

beforeAll(async () => {
  ({ url: databaseUrl } = await createTestDatabase());
  const directory = await makeTemporaryDirectory('agents');
  await mkdir(directory, { recursive: true });
  const skills = '[{ name: Answer }, { name: Approve, visibleTo: authenticated, tags: [money] }]';
  const clerk = `---\ndescription: Answers and approves.\nskills: ${skills}\n---\nYou are a clerk.\n`;
  await writeFile(join(directory, 'clerk.md'), clerk);
  const env = { DATABASE_URL: databaseUrl, CONTINUO_AGENTS_DIR: directory };
  local = await startServer({ env });
  guarded = await startServer({
    env: {
      ...env,
      CONTINUO_AUTH: 'keys,jwt',
      CONTINUO_JWT_ISSUER: 'https://issuer.example',
      CONTINUO_JWT_AUDIENCE: 'continuo',
      CONTINUO_PUBLIC_URL: 'https://agents.example/below',
      CONTINUO_OAUTH2: JSON.stringify(flows),
      CONTINUO_CATALOG: 'function/*,context/clerk',
    },
  });
  key = await newKey(databaseUrl, '--owner', 'ada');
});

describe('a signed card', () => {
  it("is accepted by the official SDK's verifier, with the keys of any instance, and not when it was changed", async () => {
    const card = await cardOf(local.url);
    expect(headerOf(card)).toMatchObject({ alg: 'ES256', typ: 'JOSE', jku: `${local.url}/.well-known/jwks.json` });
    const published = await publishedKeys(guarded.url);
    await verify(card, published);
    await verify(await cardOf(guarded.url), published);
    const changed = { ...(card as object), description: 'Send me your money.' };
    await expect(verify(changed, published)).rejects.toThrow('No valid signatures');
    for (const one of published) expect(Object.keys(one)).not.toContain('d');
  });

  it('names the public address, and none that only the request names', async () => {
    expect(headerOf(await cardOf(guarded.url)).jku).toBe('https://agents.example/below/.well-known/jwks.json');
    const named = await startServer({
      env: { DATABASE_URL: databaseUrl, CONTINUO_AUTH: 'keys', CONTINUO_CATALOG: ',' },
    });
    expect(headerOf(await cardOf(named.url)).jku).toBe(`${named.url}/.well-known/jwks.json`);
    const { body } = await rawCall('GET', named.url + ECHO, { headers: { host: 'evil.example' } });
    expect(textAt(body, 'supportedInterfaces', 0, 'url')).toContain('evil.example');
    expect(at(body, 'signatures')).toBeUndefined();
    // Nothing is listed that nobody wanted listed.
    expect((await call('GET', `${named.url}/.well-known/ai-catalog.json`)).body).toMatchObject({ entries: [] });
  });

  it('may be kept, and asked for again', async () => {
    for (const [url, path, caching] of [
      [local.url, ECHO, 'public, max-age=60'],
      [guarded.url, CARD, 'public, max-age=60'],
      [guarded.url, '/.well-known/jwks.json', 'public, max-age=300'],
      [guarded.url, '/.well-known/ai-catalog.json', 'public, max-age=60'],
      [guarded.url, `${CLERK}/extendedAgentCard`, 'private, max-age=60'],
    ] as const) {
      const headers = { host: new URL(url).host, 'x-api-key': key };
      const first = await rawCall('GET', url + path, { headers });
      expect([path, first.headers['cache-control']]).toEqual([path, caching]);
      const again = await rawCall('GET', url + path, { headers: { ...headers, 'if-none-match': first.headers.etag } });
      expect([path, again.status]).toEqual([path, 304]);
      const head = await rawCall('HEAD', url + path, { headers });
      for (const name of ['etag', 'cache-control', 'vary'])
        expect([path, name, head.headers[name]]).toEqual([path, name, first.headers[name]]);
      const forOne = /authorization.*x-api-key/i.test(first.headers.vary ?? '');
      expect([path, forOne]).toEqual([path, caching.startsWith('private')]);
    }
  });
});

describe('whoever is known', () => {
  it('is told of skills that are for callers alone, on a signed card', async () => {
    expect(namesOf(await cardOf(guarded.url, CLERK + CARD))).toEqual(['Answer']);
    const headers = { authorization: `Bearer ${key}` };
    const rest = await call('GET', `${guarded.url}${CLERK}/extendedAgentCard`, { headers });
    const rpc = await callRpc(guarded.url + CLERK, 'GetExtendedAgentCard', {}, headers);
    for (const card of [rest.body, at(rpc.body, 'result')]) {
      expect(namesOf(card)).toEqual(['Answer', 'Approve']);
      expect(JSON.stringify(card)).not.toContain('visibleTo');
      await verify(card, await publishedKeys(guarded.url));
    }
    const { body: listed } = await call('GET', `${guarded.url}/agents`, { headers });
    expect(JSON.stringify(listed)).toContain('Approve');
    // Without authentication it is always the user of the machine who asks.
    expect(namesOf(await cardOf(local.url, CLERK + CARD))).toEqual(['Answer', 'Approve']);
  });

  it('may send a key as X-API-Key, and a wrong one opens nothing', async () => {
    expect((await call('GET', `${guarded.url}/caller`, { headers: { 'x-api-key': key } })).status).toBe(200);
    const refused = await call('GET', `${guarded.url}/caller`, { headers: { 'x-api-key': `${key}x` } });
    expect(refused.status).toBe(401);
    const nobody = await call('GET', `${guarded.url}/caller`);
    expect([nobody.status, textAt(nobody.body, 'error', 'message')]).toEqual([
      401,
      expect.stringContaining('X-API-Key'),
    ]);
  });

  it('is told on the card how to prove it, in the words of 1.0 and of 0.3', async () => {
    const card = await cardOf(guarded.url);
    expect(at(card, 'securitySchemes')).toMatchObject({
      keys: { httpAuthSecurityScheme: { scheme: 'Bearer' }, type: 'http', scheme: 'Bearer' },
      apiKey: {
        apiKeySecurityScheme: { location: 'header', name: 'X-API-Key' },
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
      },
      jwt: { openIdConnectSecurityScheme: {}, type: 'openIdConnect' },
      oauth2ClientCredentials: {
        oauth2SecurityScheme: { flows: { clientCredentials: flows.clientCredentials } },
        type: 'oauth2',
        flows: { clientCredentials: flows.clientCredentials },
      },
      oauth2DeviceCode: { oauth2SecurityScheme: { flows: { deviceCode: flows.deviceCode } } },
    });
    const names = ['keys', 'apiKey', 'jwt', 'oauth2ClientCredentials', 'oauth2DeviceCode'];
    expect(at(card, 'securityRequirements')).toEqual(names.map((name) => ({ schemes: { [name]: {} } })));
    expect(at(card, 'security')).toEqual(names.map((name) => ({ [name]: [] })));
  });
});

it('the catalog lists what the operator wants listed, with the addresses of the cards', async () => {
  const catalog = await call('GET', `${guarded.url}/.well-known/ai-catalog.json`);
  expect(catalog.headers.get('content-type')).toContain('application/ai-catalog+json');
  const entries = at(catalog.body, 'entries');
  const found = Array.isArray(entries) ? entries : [];
  expect(found.map((entry) => textAt(entry, 'identifier')).toSorted()).toEqual([
    'urn:air:agents.example:context/clerk:a2a',
    'urn:air:agents.example:function/countdown:a2a',
    'urn:air:agents.example:function/echo:a2a',
  ]);
  expect(JSON.stringify(found)).not.toContain('money');
  expect(at(catalog.body, 'specVersion')).toBe('0.9');
  const mine = await call('GET', `${local.url}/.well-known/ai-catalog.json`);
  expect(JSON.stringify(mine.body)).toContain(`"url":"${local.url}${ECHO}"`);
  const listed = at(mine.body, 'entries', 0);
  expect(textAt(await cardOf('', textAt(listed, 'url')), 'description')).toBe(textAt(listed, 'description'));
});

describe('a signing key', () => {
  it('is replaced by the command: the new one is published before it signs, and the old one stays', async () => {
    const before = headerOf(await cardOf(local.url));
    const old = await cardOf(local.url);
    const { stdout } = await keysCommand(databaseUrl, 'rotate-signing-key');
    const kid = /Key (\S+) signs from/.exec(stdout)?.[1];
    const isPublished = async (url: string) => (await publishedKeys(url)).some((one) => one.kid === kid);
    for (const { url } of [local, guarded])
      await until(() => isPublished(url), { what: 'the new key to be published' });
    for (const { url } of [local, guarded]) {
      await until(async () => headerOf(await cardOf(url)).kid === kid, {
        what: 'the new key to sign',
        timeoutMs: 60_000,
      });
    }
    expect(before.kid).not.toBe(kid);
    await verify(old, await publishedKeys(guarded.url));
    await verify(await cardOf(guarded.url), await publishedKeys(local.url));

    await keysCommand(databaseUrl, 'rotate-signing-key', '--withdraw');
    const isGone = async () =>
      (await publishedKeys(local.url)).every((one) => one.kid !== kid && one.kid !== before.kid);
    await until(isGone, { what: 'the old keys to be withdrawn' });
    await verify(await cardOf(local.url), await publishedKeys(local.url));
  });

  it('may come from the environment', async () => {
    const jwks = ['P-384', 'P-256'].map((namedCurve) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve });
      return { ...privateKey.export({ format: 'jwk' }), kid: namedCurve };
    });
    const env = { DATABASE_URL: databaseUrl, CONTINUO_SIGNING_KEYS: JSON.stringify({ keys: jwks }) };
    const server = await startServer({ env });
    const card = await cardOf(server.url);
    expect(headerOf(card)).toMatchObject({ alg: 'ES384', kid: 'P-384' });
    const published = await publishedKeys(server.url);
    expect(published.map(({ kid }) => kid)).toContain('P-256');
    await verify(card, published);
    // What the fleet signed before is verified as well.
    await verify(await cardOf(local.url), published);
  });
});
