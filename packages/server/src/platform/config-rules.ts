/** Rules between the environment variables: what one of them says of another. */
import type { z } from 'zod';
import { USUAL_PORT, variables } from './config-variables.js';
import { providerOf, settingOf, type ModelSetting } from './model-settings.js';
import { entriesOf, isLoopback } from './variable-kinds.js';

type Values = z.output<typeof variables>;
type Name = keyof Values;

type Rule = readonly [name: Name, holds: (values: Values) => boolean, message: string];

const WITHOUT_TOKENS = 'No token opens this server: set CONTINUO_AUTH to jwt, or to keys,jwt, or leave this out.';
const WITHOUT_GRPC = 'gRPC is off: set CONTINUO_GRPC_PORT, or leave this out.';

/** What belongs to something that is off: whoever has set it takes that for on. */
const idle: readonly (readonly [name: Name, isOff: (values: Values) => boolean, message: string])[] = [
  ['CONTINUO_JWT_ISSUER', takesNoTokens, WITHOUT_TOKENS],
  ['CONTINUO_JWT_AUDIENCE', takesNoTokens, WITHOUT_TOKENS],
  ['CONTINUO_JWT_JWKS_URL', takesNoTokens, WITHOUT_TOKENS],
  ['CONTINUO_JWT_TENANT_CLAIM', takesNoTokens, WITHOUT_TOKENS],
  ['CONTINUO_GRPC_TLS_CERT', hasNoGrpc, WITHOUT_GRPC],
  ['CONTINUO_GRPC_TLS_KEY', hasNoGrpc, WITHOUT_GRPC],
  ['CONTINUO_GRPC_PUBLIC_ADDRESS', hasNoGrpc, WITHOUT_GRPC],
];

const rules: readonly Rule[] = [
  [
    'HOST',
    ({ HOST, CONTINUO_AUTH }) => !isNone(CONTINUO_AUTH) || isLoopback(HOST),
    'Without authentication (CONTINUO_AUTH=none) anyone who reaches this address could use the agents. Set CONTINUO_AUTH to keys or jwt (docs/security.md), or keep HOST on loopback and let a reverse proxy that authenticates its callers pass them on.',
  ],
  [
    'CONTINUO_JWT_ISSUER',
    ({ CONTINUO_AUTH, CONTINUO_JWT_ISSUER }) => !isJwt(CONTINUO_AUTH) || CONTINUO_JWT_ISSUER !== undefined,
    'CONTINUO_AUTH has jwt: somebody has to issue the tokens.',
  ],
  [
    'CONTINUO_JWT_AUDIENCE',
    ({ CONTINUO_AUTH, CONTINUO_JWT_AUDIENCE }) => !isJwt(CONTINUO_AUTH) || CONTINUO_JWT_AUDIENCE !== undefined,
    'CONTINUO_AUTH has jwt: tokens that were issued for other servers must not open this one.',
  ],
  [
    'CONTINUO_CONSOLE_CLIENT_ID',
    ({ CONTINUO_AUTH, CONTINUO_CONSOLE_CLIENT_ID: client }) => client === undefined || isJwt(CONTINUO_AUTH),
    'Who signs in at the issuer comes with its token: set CONTINUO_AUTH to jwt, or to keys,jwt.',
  ],
  [
    'CONTINUO_OAUTH2',
    ({ CONTINUO_AUTH, CONTINUO_OAUTH2: flows }) => isJwt(CONTINUO_AUTH) || !hasFlows(flows),
    'The tokens that clients get there open nothing here: set CONTINUO_AUTH to jwt, or to keys,jwt.',
  ],
  [
    'DATABASE_READ_URL',
    ({ DATABASE_URL, DATABASE_READ_URL }) => DATABASE_READ_URL === undefined || DATABASE_URL !== undefined,
    "The server's own PostgreSQL has no standbys: name the one that takes writes in DATABASE_URL.",
  ],
  [
    'CONTINUO_LEASE_MS',
    ({ CONTINUO_LEASE_MS: lease, CONTINUO_HEARTBEAT_MS: beat }) => !areNumbers(lease, beat) || lease >= 2 * beat,
    'It must be at least twice CONTINUO_HEARTBEAT_MS, or one late heartbeat costs an instance its work.',
  ],
  ['CONTINUO_MODEL_BASE_URL', hasAddresses, 'The openai-compatible provider has no address of its own.'],
  [
    'CONTINUO_GRPC_TLS_KEY',
    (all) => (all.CONTINUO_GRPC_TLS_CERT === undefined) === (all.CONTINUO_GRPC_TLS_KEY === undefined),
    'A certificate and its key come together: set both of CONTINUO_GRPC_TLS_CERT and CONTINUO_GRPC_TLS_KEY.',
  ],
  [
    'CONTINUO_CARD_KEYS',
    ({ CONTINUO_CARD_SIGNATURES: policy, CONTINUO_CARD_KEYS: keys }) => policy !== 'off' || !hasKeys(keys),
    'No signature is looked at: set CONTINUO_CARD_SIGNATURES to warn or require, or leave this out.',
  ],
  [
    'CONTINUO_METRICS_PORT',
    ({ PORT, CONTINUO_METRICS_PORT: metrics }) => areApart(PORT, metrics),
    'PORT is the same: each needs a port of its own.',
  ],
  [
    'CONTINUO_GRPC_PORT',
    ({ PORT, CONTINUO_METRICS_PORT: metrics, CONTINUO_GRPC_PORT: grpc }) =>
      areApart(PORT, grpc) && areApart(metrics, grpc),
    'PORT or CONTINUO_METRICS_PORT is the same: each needs a port of its own.',
  ],
  ...idle.map(([name, isOff, message]): Rule => [
    name,
    (values) => values[name] === undefined || !isOff(values),
    message,
  ]),
];

/** Each rule is checked even when other variables are wrong, so that one start tells all. */
export const schema = rules.reduce(
  (all, [name, holds, message]) => all.refine(holds, { path: [name], when: always, message }),
  variables,
);

/** False where CONTINUO_AUTH itself is wrong. */
function takesNoTokens({ CONTINUO_AUTH }: Values): boolean {
  return Array.isArray(CONTINUO_AUTH) && !isJwt(CONTINUO_AUTH);
}

/** Without authentication and without PORT it is on. */
function hasNoGrpc({ CONTINUO_GRPC_PORT: port, CONTINUO_AUTH, PORT }: Values): boolean {
  return port === 'off' || (port === undefined && (!isNone(CONTINUO_AUTH) || PORT !== USUAL_PORT));
}

/** Any number of them may be 0: each is then given a free one. */
function areApart(port: unknown, other: unknown): boolean {
  return typeof port !== 'number' || port === 0 || port !== other;
}

function always(): boolean {
  return true;
}

/** A variable that failed its own check still holds its text. */
export function isNone(auth: unknown): boolean {
  return !Array.isArray(auth) || auth.length === 0;
}

/** Whether every model of a provider without an address of its own is given one. */
function hasAddresses(all: Readonly<Record<string, unknown>>): boolean {
  const { CONTINUO_MODEL: models, CONTINUO_EMBEDDING_MODEL: embedding, CONTINUO_MODEL_BASE_URL: address } = all;
  const first = typeof models === 'string' ? models : undefined;
  return [...entriesOf(first ?? ''), ...entriesOf(typeof embedding === 'string' ? embedding : '')]
    .filter((model) => providerOf(model) === 'openai-compatible')
    .every((model) => settingOf(address as ModelSetting, model, first) !== undefined);
}

function isJwt(auth: unknown): boolean {
  return Array.isArray(auth) && auth.includes('jwt');
}

function hasFlows(flows: unknown): boolean {
  return typeof flows === 'object' && flows !== null && Object.keys(flows).length > 0;
}

function hasKeys(keys: Values['CONTINUO_CARD_KEYS'] | string): boolean {
  return typeof keys === 'object' && 'set' in keys && keys.set.keys.length + keys.addresses.length > 0;
}

/** A variable that failed its own check still holds its text when the rules between variables run. */
function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'number');
}
