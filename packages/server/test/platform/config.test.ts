/** What somebody who configures a server sees: defaults, and refusals that say everything at once. */
import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configVariables, loadConfig } from '../../src/platform/config.js';
import { renderEnvExample } from '../../src/platform/env-example.js';
import { refusal } from '../support/refused-config.js';
import { makeTestDirectory } from '../support/test-directory.js';

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(loadConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      grpc: { port: 4001, isAskedFor: false, publicAddress: undefined, tls: undefined },
      diagnostics: [],
      databaseUrl: undefined,
      dataDir: '.continuo',
      agentsDir: 'agents',
      agentPackages: [],
      publicUrl: undefined,
      corsOrigins: [],
      auth: [],
      jwtIssuer: undefined,
      jwtAudience: undefined,
      jwtJwksUrl: undefined,
      jwtOwnerClaim: 'sub',
      jwtTenantClaim: undefined,
      jwtScopes: ['read', 'write'],
      jwtScopesAssumed: true,
      signingKeys: [],
      signingRotationDays: 90,
      cardSignatures: 'off',
      cardKeys: { set: { keys: [] }, addresses: [] },
      catalog: ['*'],
      oauthFlows: {},
      mtls: false,
      sessions: true,
      logLevel: 'info',
      keepsPrompts: false,
      logFormat: 'auto',
      bodyLimitBytes: 10_485_760,
      bodyLimitValues: 100_000,
      callerLimits: { requests: 0, streams: 0 },
      quotas: { tasks: 0, storedBytes: 0 },
      budgets: { tokensPerDay: 0, costPerDay: 0 },
      telemetry: expect.objectContaining({
        url: undefined,
        sampler: 'parentbased_always_on',
        keepFailed: true,
      }) as unknown,
      treeLimits: { depth: 20, tasks: 1_000 },
      artifactLimits: { artifactBytes: 268_435_456, taskBytes: 1_073_741_824, messageBytes: 16_777_216 },
      fileStorage: undefined,
      fileBytes: 1024 ** 3,
      uploadTimeoutMs: 24 * 60 * 60 * 1000,
      answerBytes: 33_554_432,
      stalledClientMs: 60_000,
      requestTimeoutMs: 30_000,
      processes: 1,
      maxConnections: 10_000,
      blockingTimeoutMs: 300_000,
      taskTimeoutMs: 86_400_000,
      maxRuns: 10,
      heartbeatMs: 750,
      leaseMs: 3000,
      sweepMs: 1000,
      sseHeartbeatMs: 15_000,
      drainMs: 10_000,
      webhookAllow: [],
      webhookRetriesMs: [5, 30, 120, 600, 1_800, 7_200, 18_000, 28_800, 28_800].map((seconds) => seconds * 1_000),
      webhookTimeoutMs: 15_000,
      webhookPauseAfterMs: 259_200_000,
      retentionMs: 600_000,
      keepDays: { sessions: 0, tasks: 0, memories: 0, 'idempotency-keys': 7, deliveries: 0, audit: 0 },
      databasePool: 10,
      model: undefined,
      modelBaseUrl: undefined,
      modelApiKey: undefined,
      modelOptions: {},
      embeddingModel: undefined,
      prices: undefined,
      modelTimeoutMs: 60_000,
      mcpServers: {},
      historyTokens: 16_000,
      memoryDelayMs: 10_000,
      externalAgents: [],
      unknownVariables: [],
    });
  });

  it('takes what is set and treats an empty value as unset', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '',
      DATABASE_URL: 'postgresql://me:pw@db.example/continuo',
      CONTINUO_SESSIONS: 'false',
      CONTINUO_MODEL: 'openai-compatible/qwen3:8b',
      CONTINUO_MODEL_BASE_URL: 'http://localhost:11434/v1',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      databaseUrl: 'postgresql://me:pw@db.example/continuo',
      sessions: false,
      model: 'openai-compatible/qwen3:8b',
      modelBaseUrl: 'http://localhost:11434/v1',
    });
  });

  it.each([
    [{}, 4001],
    [{ PORT: '4000' }, undefined],
    [{ CONTINUO_AUTH: 'keys' }, undefined],
    [{ CONTINUO_GRPC_PORT: 'off' }, undefined],
    [{ PORT: '4000', CONTINUO_GRPC_PORT: '0' }, 0],
    [{ CONTINUO_AUTH: 'keys', CONTINUO_GRPC_PORT: '50051' }, 50_051],
  ])('serves gRPC with %o on port %s', (env, port) => {
    expect(loadConfig(env).grpc?.port).toBe(port);
  });

  it('refuses ports, addresses and halves of TLS that gRPC could not be served with', () => {
    for (const port of ['70000', '-1', 'on']) {
      expect(refusal({ CONTINUO_GRPC_PORT: port })).toContain(
        `CONTINUO_GRPC_PORT: found "${port}", expected a whole number from 0 to 65535, or off`,
      );
    }
    for (const address of ['grpc.example.com', 'https://grpc.example.com:443', 'a:0', 'a:70000']) {
      expect(refusal({ CONTINUO_GRPC_PUBLIC_ADDRESS: address })).toContain('expected host:port');
    }
    expect(refusal({ CONTINUO_GRPC_TLS_CERT: 'cert.pem' })).toContain('CONTINUO_GRPC_TLS_KEY');
    expect(refusal({ CONTINUO_GRPC_TLS_KEY: 'key.pem' })).toContain('A certificate and its key come together');
  });

  it('names every bad variable, what was found and what is expected', () => {
    const message = refusal({
      PORT: '70000',
      CONTINUO_SESSIONS: 'yes',
      CONTINUO_LOG_LEVEL: 'loud',
      CONTINUO_PUBLIC_URL: 'ftp://example.org',
      CONTINUO_MODEL: 'gpt-5',
      CONTINUO_HEARTBEAT_MS: '1000',
      CONTINUO_LEASE_MS: '1500',
    });
    expect(message).toContain('PORT: found "70000", expected a whole number from 0 to 65535');
    expect(message).toContain('CONTINUO_SESSIONS: found "yes", expected true or false');
    expect(message).toContain('CONTINUO_LOG_LEVEL: found "loud", expected one of fatal, error, warn, info');
    expect(message).toContain(
      'CONTINUO_PUBLIC_URL: found "ftp://example.org", expected a URL that begins with http://',
    );
    expect(message).toContain('CONTINUO_MODEL: found "gpt-5", expected <provider>/<model id>');
    expect(message).toContain('CONTINUO_LEASE_MS: found "1500"');
    expect(message).toContain('at least twice CONTINUO_HEARTBEAT_MS');
  });

  it.each([
    ['https://example.com', 'https://example.com'],
    ['https://Example.com:443/', 'https://example.com'],
    ['http://127.0.0.1:4690///', 'http://127.0.0.1:4690'],
    ['https://example.com/agents-api', 'https://example.com/agents-api'],
    ['https://example.com/a/b/', 'https://example.com/a/b'],
    ['http://[::1]:4000/', 'http://[::1]:4000'],
  ])('reads CONTINUO_PUBLIC_URL %s without a slash at its end', (given, read) => {
    expect(loadConfig({ CONTINUO_PUBLIC_URL: given }).publicUrl).toBe(read);
  });

  it.each([
    ['s3://files', ['files', '', undefined, undefined, false]],
    ['s3://files/', ['files', '', undefined, undefined, false]],
    ['s3://files/a/b/?region=eu-west-1', ['files', 'a/b/', undefined, 'eu-west-1', false]],
    ['s3://files?endpoint=http%3A%2F%2F127.0.0.1%3A9000', ['files', '', 'http://127.0.0.1:9000', 'us-east-1', true]],
    [
      's3://files/x?endpoint=https://s3.example.com&region=auto&forcePathStyle=false',
      ['files', 'x/', 'https://s3.example.com', 'auto', false],
    ],
  ])('reads CONTINUO_FILES %s', (given, [bucket, prefix, endpoint, region, forcePathStyle]) => {
    const { fileStorage } = loadConfig({ CONTINUO_FILES: given });
    expect(fileStorage).toEqual({ bucket, prefix, endpoint, region, forcePathStyle });
  });

  it.each([
    's3://',
    's3://Not_A_Bucket',
    's3://key:secret@files',
    's3://files?endpoint=example.com',
    's3://files?forcePathStyle=yes',
    's3://files?pathStyle=true',
    's3://files/a%20b',
    'file:///tmp',
    'mysql',
  ])('refuses the CONTINUO_FILES %s by name', (given) => {
    expect(refusal({ CONTINUO_FILES: given })).toContain('CONTINUO_FILES');
  });

  it.each([
    'https://example.com/?tenant=a',
    'https://example.com/?',
    'https://example.com/#top',
    'https://ada:secret@example.com/',
    'ws://example.com',
    'example.com',
    '//example.com',
    'https://',
  ])('refuses the CONTINUO_PUBLIC_URL %s by name', (given) => {
    expect(refusal({ CONTINUO_PUBLIC_URL: given })).toContain('CONTINUO_PUBLIC_URL');
  });

  it('refuses numbers that are not plain', () => {
    for (const value of ['-1', '1.5', '4e3', '0x10', ' 80', 'NaN']) {
      expect(refusal({ PORT: value })).toContain(`PORT: found ${JSON.stringify(value)}`);
    }
  });

  it('takes secrets from files, without the line break at their end', async () => {
    const directory = await makeTestDirectory('secrets');
    const [url, key] = [join(directory, 'url'), join(directory, 'key')];
    await Promise.all([writeFile(url, 'postgres://continuo:s3cret@db/continuo\n'), writeFile(key, 'sk-1')]);
    const config = loadConfig({ DATABASE_URL_FILE: url, CONTINUO_MODEL_API_KEY_FILE: key });
    expect(config.databaseUrl).toBe('postgres://continuo:s3cret@db/continuo');
    expect(config.modelApiKey).toEqual(loadConfig({ CONTINUO_MODEL_API_KEY: 'sk-1' }).modelApiKey);
    expect(config.unknownVariables).toEqual([]);
  });

  it('says which file of a secret is of no use, and why, in one message with everything else', async () => {
    const directory = await makeTestDirectory('secrets');
    const [empty, missing] = [join(directory, 'empty'), join(directory, 'missing')];
    await writeFile(empty, '\n');
    const message = refusal({ DATABASE_URL_FILE: missing, CONTINUO_MODEL_API_KEY_FILE: empty, PORT: 'x' });
    expect(message).toContain(
      `DATABASE_URL_FILE: found "${missing}", expected the path of a file that holds DATABASE_URL`,
    );
    expect(message).toContain('ENOENT');
    expect(message).toContain('The file is empty.');
    expect(message).toContain('PORT: found "x"');
    const both = refusal({ DATABASE_URL_FILE: missing, DATABASE_URL: 'postgres://db/continuo' });
    expect(both).toContain('DATABASE_URL is set as well: only one of them can count.');
  });

  it('hides the value of a secret', () => {
    const message = refusal({ DATABASE_URL: 'mysql://me:hunter2@db.example/continuo' });
    expect(message).toContain(
      'DATABASE_URL: found a secret value (hidden), expected a URL that begins with postgres://',
    );
    expect(message).not.toContain('hunter2');
  });

  it('says what is wrong with the address of a replica, and not its password', () => {
    const DATABASE_URL = 'postgres://me:hunter2@db1/continuo';
    const primary = refusal({ DATABASE_URL, DATABASE_READ_URL: `${DATABASE_URL}?target_session_attrs=primary` });
    expect(primary).toContain('DATABASE_READ_URL: found a secret value (hidden)');
    expect(primary).toContain('target_session_attrs, if it is there, standby or prefer-standby or any');
    const alone = refusal({ DATABASE_READ_URL: DATABASE_URL });
    expect(alone).toContain('DATABASE_READ_URL');
    expect(alone).toContain('name the one that takes writes in DATABASE_URL');
    expect(`${primary}${alone}`).not.toContain('hunter2');
  });

  it('refuses to listen beyond loopback without authentication, with the reason and the way out', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.evil.example']) {
      const message = refusal({ HOST: host });
      expect(message).toContain(`HOST: found "${host}"`);
      expect(message).toContain('CONTINUO_AUTH=none');
      expect(message).toContain('Set CONTINUO_AUTH to keys or jwt');
      expect(message).toContain('reverse proxy');
    }
    for (const host of ['127.0.0.1', '127.0.0.53', '::1', 'localhost'])
      expect(loadConfig({ HOST: host }).host).toBe(host);
  });

  it('listens anywhere when callers have to say who they are', () => {
    const config = loadConfig({ HOST: '0.0.0.0', CONTINUO_AUTH: 'keys' });
    expect(config).toMatchObject({ host: '0.0.0.0', auth: ['keys'] });
    for (const auth of ['', 'nobody', 'none,keys', 'keys;jwt']) {
      expect(refusal({ HOST: '0.0.0.0', CONTINUO_AUTH: auth })).toContain('HOST: found "0.0.0.0"');
    }
  });

  it('takes tokens only for an audience, of an issuer that nobody can stand in for', () => {
    const jwt = { CONTINUO_AUTH: 'keys, jwt' };
    const message = refusal(jwt);
    expect(message).toContain('CONTINUO_JWT_ISSUER: found nothing');
    expect(message).toContain('CONTINUO_JWT_AUDIENCE: found nothing');
    const named = { ...jwt, CONTINUO_JWT_AUDIENCE: 'continuo' };
    expect(refusal({ ...named, CONTINUO_JWT_ISSUER: 'http://login.example.org' })).toContain(
      'CONTINUO_JWT_ISSUER: found "http://login.example.org", expected a URL that begins with https://',
    );
    for (const CONTINUO_JWT_ISSUER of ['https://login.example.org/realm', 'http://127.0.0.1:8080']) {
      expect(loadConfig({ ...named, CONTINUO_JWT_ISSUER })).toMatchObject({ auth: ['keys', 'jwt'] });
    }
  });

  it('lets people sign in to the console at the issuer of the tokens, and only where tokens are taken', () => {
    const client = { CONTINUO_CONSOLE_CLIENT_ID: 'console' };
    expect(refusal({ ...client, CONTINUO_AUTH: 'keys' })).toContain('CONTINUO_CONSOLE_CLIENT_ID: found "console"');
    const jwt = { CONTINUO_AUTH: 'jwt', CONTINUO_JWT_ISSUER: 'https://login.example', CONTINUO_JWT_AUDIENCE: 'here' };
    expect(loadConfig(jwt).consoleSignIn).toBeUndefined();
    expect(loadConfig({ ...client, ...jwt }).consoleSignIn).toEqual({
      issuer: 'https://login.example',
      clientId: 'console',
      scope: 'openid',
      audience: 'here',
    });
  });

  it.each([
    ['CONTINUO_CARD_KEYS', 'http://keys.example/jwks.json', 'is no https:// address'],
    ['CONTINUO_CARD_KEYS', '{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"}]}', 'kty'],
    ['CONTINUO_CARD_KEYS', '{"keys":[{"kty":"EC","kid":"a","d":"c2VjcmV0"}]}', 'holds a private key'],
    ['CONTINUO_SIGNING_KEYS', '{"kty":"EC","crv":"P-256","d":"c2VjcmV0"}', "key 1 can't be read as a private key"],
    ['CONTINUO_SIGNING_KEYS', 'c2VjcmV0', 'it holds neither JSON nor PEM'],
    ['CONTINUO_OAUTH2', '{"clientCredentials":{"tokenUrl":"http://a.example"}}', 'clientCredentials.tokenUrl'],
    ['CONTINUO_OAUTH2', '{"clientCredentials":{"tokenUrl":"https://a.example"}}', 'set CONTINUO_AUTH to jwt'],
    ['CONTINUO_CATALOG', 'every agent', 'neither type/name, nor type/*, nor *'],
  ])('refuses what cards can do nothing with: %s=%s', (name, value, reason) => {
    const message = refusal({ [name]: value });
    expect(message).toContain(`${name}: found`);
    expect(message).toContain(reason);
    expect(message).not.toContain('c2VjcmV0');
  });

  it('takes signing keys as PEM, also in one line, and says by which algorithm each signs', () => {
    const pairs = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('ed25519'),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ];
    const pem = pairs.map(({ privateKey }) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()).join('');
    for (const CONTINUO_SIGNING_KEYS of [pem, pem.replaceAll('\n', String.raw`\n`)]) {
      const { signingKeys } = loadConfig({ CONTINUO_SIGNING_KEYS });
      expect(signingKeys.map(({ alg }) => alg)).toEqual(['ES256', 'EdDSA', 'RS256']);
    }
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const refused = refusal({ CONTINUO_SIGNING_KEYS: JSON.stringify(weak.export({ format: 'jwk' })) });
    expect(refused).toContain('RSA of 2048 bits and more');
  });

  it('wants the address of an openai-compatible model', () => {
    const message = refusal({ CONTINUO_MODEL: 'openai-compatible/qwen3' });
    expect(message).toContain('CONTINUO_MODEL_BASE_URL: found nothing');
    expect(loadConfig({ CONTINUO_MODEL: 'anthropic/claude-sonnet-4-5' }).modelBaseUrl).toBeUndefined();
  });
});

describe('.env.example', () => {
  it('is the one that the schema renders, with every variable in it', async () => {
    const committed = await readFile(new URL('../../../../.env.example', import.meta.url), 'utf8');
    expect(committed).toBe(renderEnvExample());
    for (const { name } of configVariables()) expect(committed).toContain(`\n#${name}=`);
  });
});

describe('CONTINUO_EXTERNAL_AGENTS', () => {
  const agents = (value: unknown, env = {}): NodeJS.ProcessEnv => ({
    CONTINUO_EXTERNAL_AGENTS: typeof value === 'string' ? value : JSON.stringify(value),
    ...env,
  });
  const card = 'https://a.example/card.json?v=1';

  it('takes names and URLs', () => {
    const { externalAgents } = loadConfig(agents(`one=${card}, two=${card}`));
    expect(externalAgents.map(({ name, card: url }) => [name, url])).toEqual([
      ['one', card],
      ['two', card],
    ]);
  });

  it('puts variables in place of their names in headers', () => {
    const headers = { authorization: 'Bearer env:A_KEY' };
    const { externalAgents } = loadConfig(agents([{ name: 'one', card, headers }], { A_KEY: 'hush\n' }));
    expect(externalAgents).toMatchObject([{ name: 'one', headers: { authorization: 'Bearer hush' } }]);
  });

  it.each([
    ['a name that is no part of a URL', `One=${card}`, 'agent 1.name: expected lower-case letters'],
    ['an address with a password', 'one=https://me:hush@a.example/', 'without name and password'],
    ['two of the same name', `one=${card} one=${card}`, 'two agents are named "one"'],
    ['broken JSON', '[{"name": hush', 'it begins with [ but is no JSON'],
    ['a variable that is not set', [{ name: 'one', card, headers: { key: 'env:HUSH' } }], 'needs the variable HUSH'],
    [
      'a header that HTTP does not allow',
      [{ name: 'one', card, headers: { key: 'hush\u0000' } }],
      'characters that no',
    ],
  ])('refuses %s, and shows no value', (_, value, reason) => {
    const message = refusal(agents(value));
    expect(message).toContain('CONTINUO_EXTERNAL_AGENTS: found a secret value (hidden)');
    expect(message).toContain(reason);
    expect(message).not.toContain('hush');
  });
});
