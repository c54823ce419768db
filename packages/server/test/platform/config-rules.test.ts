/** Settings that contradict each other, and refusals that show no secrets. */
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/platform/config.js';
import { checkedForExport } from '../../src/platform/telemetry/telemetry-settings.js';
import { refusal } from '../support/refused-config.js';

it.each([
  ['CONTINUO_JWT_ISSUER', { CONTINUO_JWT_ISSUER: 'https://login.example' }, 'set CONTINUO_AUTH to jwt'],
  ['CONTINUO_JWT_AUDIENCE', { CONTINUO_AUTH: 'keys', CONTINUO_JWT_AUDIENCE: 'here' }, 'set CONTINUO_AUTH to jwt'],
  ['CONTINUO_JWT_JWKS_URL', { CONTINUO_JWT_JWKS_URL: 'https://login.example/keys' }, 'set CONTINUO_AUTH to jwt'],
  ['CONTINUO_JWT_TENANT_CLAIM', { CONTINUO_JWT_TENANT_CLAIM: 'org' }, 'set CONTINUO_AUTH to jwt'],
  ['CONTINUO_GRPC_PUBLIC_ADDRESS', { CONTINUO_AUTH: 'keys', CONTINUO_GRPC_PUBLIC_ADDRESS: 'a:443' }, 'gRPC is off'],
  ['CONTINUO_GRPC_PUBLIC_ADDRESS', { PORT: '80', CONTINUO_GRPC_PUBLIC_ADDRESS: 'a:443' }, 'gRPC is off'],
  [
    'CONTINUO_GRPC_TLS_CERT',
    { CONTINUO_GRPC_PORT: 'off', CONTINUO_GRPC_TLS_CERT: 'c', CONTINUO_GRPC_TLS_KEY: 'k' },
    'gRPC is off',
  ],
  ['CONTINUO_CARD_KEYS', { CONTINUO_CARD_KEYS: 'https://keys.example/jwks.json' }, 'No signature is looked at'],
  ['CONTINUO_METRICS_PORT', { PORT: '4321', CONTINUO_METRICS_PORT: '4321' }, 'each needs a port of its own'],
  ['CONTINUO_GRPC_PORT', { PORT: '4321', CONTINUO_GRPC_PORT: '4321' }, 'each needs a port of its own'],
  ['CONTINUO_GRPC_PORT', { CONTINUO_METRICS_PORT: '4321', CONTINUO_GRPC_PORT: '4321' }, 'each needs a port of its own'],
])('refuses %s where another variable says otherwise: %o', (name, env, reason) => {
  expect(refusal(env)).toContain(`${name}: found`);
  expect(refusal(env)).toContain(reason);
});

it('takes what belongs to something that is on, and ports that are given', () => {
  const grpc = { CONTINUO_GRPC_PUBLIC_ADDRESS: 'a:443' };
  expect(loadConfig(grpc).grpc?.publicAddress).toBe('a:443');
  expect(loadConfig({ ...grpc, CONTINUO_AUTH: 'keys', CONTINUO_GRPC_PORT: '0', PORT: '0' }).grpc?.port).toBe(0);
  expect(loadConfig({ PORT: '0', CONTINUO_METRICS_PORT: '0' }).metricsPort).toBe(0);
  const keys = { CONTINUO_CARD_KEYS: 'https://keys.example/jwks.json', CONTINUO_CARD_SIGNATURES: 'warn' };
  expect(loadConfig(keys).cardKeys.addresses).toEqual(['https://keys.example/jwks.json']);
});

it.each([
  ['CONTINUO_FILES', 's3://AKIA123:hunter2-hunter2@files'],
  ['CONTINUO_PUBLIC_URL', 'https://ada:hunter2-hunter2@example.com/'],
  ['CONTINUO_CORS_ORIGINS', 'https://ada:hunter2-hunter2@example.com'],
  ['CONTINUO_MODEL_BASE_URL', 'ftp://ada:hunter2-hunter2@example.com'],
  ['CONTINUO_JWT_JWKS_URL', 'http://login.example/keys?client_secret=hunter2-hunter2'],
  ['DATABASE_URL_FILE', 'postgres://ada:hunter2-hunter2@db/continuo'],
])('shows no password that stands where none belongs: %s', (name, value) => {
  expect(refusal({ [name]: value })).toContain(`${name}: found`);
  expect(refusal({ [name]: value })).not.toContain('hunter2');
});

it('names what a provider is called that there is not, and two MCP servers of one name', () => {
  const misspelt = refusal({ CONTINUO_MODEL_API_KEY: '{"antropic":"hush-hush"}' });
  expect(misspelt).toContain('CONTINUO_MODEL_API_KEY: found a secret value (hidden)');
  expect(misspelt).toContain('its names are providers (openai-compatible, openai, anthropic, google)');
  expect(misspelt).not.toContain('hush');
  const twice = 'search=https://a.example,search=https://b.example';
  expect(refusal({ CONTINUO_MCP_SERVERS: twice })).toContain('CONTINUO_MCP_SERVERS: found a secret value (hidden)');
});

it.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'collector:4318/v1/traces'],
])('where traces can not be sent to is named: %s', (name, value) => {
  const settings = loadConfig({ [name]: value }).telemetry;
  expect(settings && (() => checkedForExport(settings))).toThrow(`${name}: expected a URL`);
});
