/** Reads the environment, once, at boot: what the schema does not accept stops the start with a message that says all of it. */
import type { z } from 'zod';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { isNone, schema } from './config-rules.js';
import { variables } from './config-variables.js';
import { withVariables } from './external-agents.js';
import { grpcSettings } from './grpc-variables.js';
import { withSettings, type Settings } from './settings.js';
import { telemetrySettings } from './telemetry/telemetry-settings.js';
import { strangers, type Misspelling } from './misspelt-variables.js';
import { fileVariable, withSecretFiles } from './secret-files.js';
import { hidingLooks } from './secrets.js';
import { variableNotes, type VariableNotes } from './variable-kinds.js';

/** An environment the server cannot start with; the message names every bad variable, what was found and what is expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What the server runs with. Durations are in milliseconds. */
export type Config = ReturnType<typeof loadConfig>;

/**
 * Reads `settings`, what they don't set from `environment`, and the files that it names for secrets; an empty value counts as
 * unset. Throws `ConfigError`.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env, settings: Settings = {}) {
  const secrets = names().filter((name) => notesOf(name).secret);
  const { env, complaints: unreadable } = withSecretFiles(withSettings(settings, environment, names()), secrets);
  const given = Object.fromEntries(names().flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const result = schema.safeParse(given);
  const { misspelt, unknown } = strangers(env, [...names(), ...secrets.map(fileVariable)]);
  if (!result.success || misspelt.length > 0 || unreadable.length > 0) {
    throw new ConfigError(complaints(result.error?.issues ?? [], env, misspelt, unreadable));
  }
  const values = result.data;
  const isOpen = isNone(values.CONTINUO_AUTH);
  return Object.freeze({
    port: values.PORT,
    // As in a URL, or as Node takes it.
    host: values.HOST.replace(/^\[(.*)\]$/, '$1'),
    processes: values.CONTINUO_PROCESSES,
    telemetry: telemetrySettings(values),
    grpc: grpcSettings(values, isOpen && given['PORT'] === undefined),
    metricsPort: values.CONTINUO_METRICS_PORT,
    diagnostics: values.CONTINUO_DIAGNOSTICS,
    databaseUrl: values.DATABASE_URL,
    databaseReadUrl: values.DATABASE_READ_URL,
    dataDir: values.CONTINUO_DATA_DIR,
    agentsDir: values.CONTINUO_AGENTS_DIR,
    agentPackages: values.CONTINUO_AGENT_PACKAGES,
    publicUrl: values.CONTINUO_PUBLIC_URL,
    corsOrigins: values.CONTINUO_CORS_ORIGINS,
    auth: values.CONTINUO_AUTH,
    jwtIssuer: values.CONTINUO_JWT_ISSUER,
    jwtAudience: values.CONTINUO_JWT_AUDIENCE,
    jwtJwksUrl: values.CONTINUO_JWT_JWKS_URL,
    jwtOwnerClaim: values.CONTINUO_JWT_OWNER_CLAIM,
    jwtTenantClaim: values.CONTINUO_JWT_TENANT_CLAIM,
    jwtScopes: values.CONTINUO_JWT_SCOPES,
    /** Whether nobody has said so. */
    jwtScopesAssumed: given['CONTINUO_JWT_SCOPES'] === undefined,
    signingKeys: values.CONTINUO_SIGNING_KEYS,
    signingRotationDays: values.CONTINUO_SIGNING_ROTATION_DAYS,
    cardSignatures: values.CONTINUO_CARD_SIGNATURES,
    cardKeys: values.CONTINUO_CARD_KEYS,
    catalog: given['CONTINUO_CATALOG'] === undefined && isOpen ? ['*'] : values.CONTINUO_CATALOG,
    oauthFlows: values.CONTINUO_OAUTH2,
    mtls: values.CONTINUO_MTLS,
    consoleSignIn: consoleSignIn(values),
    sessions: values.CONTINUO_SESSIONS,
    logLevel: values.CONTINUO_LOG_LEVEL,
    keepsPrompts: values.CONTINUO_TRACE_PROMPTS,
    logFormat: values.CONTINUO_LOG_FORMAT,
    bodyLimitBytes: values.CONTINUO_BODY_LIMIT_BYTES,
    bodyLimitValues: values.CONTINUO_BODY_LIMIT_VALUES,
    callerLimits: {
      requests: values.CONTINUO_LIMIT_REQUESTS ?? (isOpen ? 0 : 100),
      streams: values.CONTINUO_LIMIT_STREAMS ?? (isOpen ? 0 : 500),
    },
    quotas: { tasks: values.CONTINUO_LIMIT_TASKS, storedBytes: values.CONTINUO_LIMIT_STORED_BYTES },
    budgets: {
      tokensPerDay: values.CONTINUO_LIMIT_TOKENS_PER_DAY,
      costPerDay: values.CONTINUO_LIMIT_COST_PER_DAY,
    },
    treeLimits: { depth: values.CONTINUO_LIMIT_CALL_DEPTH, tasks: values.CONTINUO_LIMIT_TREE_TASKS },
    artifactLimits: {
      artifactBytes: values.CONTINUO_LIMIT_ARTIFACT_BYTES,
      taskBytes: values.CONTINUO_LIMIT_TASK_BYTES,
      messageBytes: values.CONTINUO_LIMIT_MESSAGE_BYTES,
    },
    fileStorage: values.CONTINUO_FILES,
    fileBytes: values.CONTINUO_LIMIT_FILE_BYTES,
    uploadTimeoutMs: values.CONTINUO_UPLOAD_TIMEOUT_MS,
    answerBytes: values.CONTINUO_ANSWER_BYTES,
    stalledClientMs: values.CONTINUO_STALLED_CLIENT_MS,
    requestTimeoutMs: values.CONTINUO_REQUEST_TIMEOUT_MS,
    maxConnections: values.CONTINUO_MAX_CONNECTIONS,
    blockingTimeoutMs: values.CONTINUO_BLOCKING_TIMEOUT_MS,
    taskTimeoutMs: values.CONTINUO_TASK_TIMEOUT_MS,
    maxRuns: values.CONTINUO_MAX_RUNS,
    heldTimeoutMs: values.CONTINUO_HELD_TIMEOUT_MS,
    heartbeatMs: values.CONTINUO_HEARTBEAT_MS,
    leaseMs: values.CONTINUO_LEASE_MS,
    sweepMs: values.CONTINUO_SWEEP_MS,
    sseHeartbeatMs: values.CONTINUO_SSE_HEARTBEAT_MS,
    drainMs: values.CONTINUO_DRAIN_MS,
    webhookAllow: values.CONTINUO_WEBHOOK_ALLOW,
    webhookRetriesMs: values.CONTINUO_WEBHOOK_RETRIES,
    webhookTimeoutMs: values.CONTINUO_WEBHOOK_TIMEOUT_MS,
    webhookPauseAfterMs: values.CONTINUO_WEBHOOK_PAUSE_AFTER_MS,
    retentionMs: values.CONTINUO_RETENTION_MS,
    keepDays: {
      sessions: values.CONTINUO_KEEP_SESSIONS_DAYS,
      tasks: values.CONTINUO_KEEP_TASKS_DAYS,
      'idempotency-keys': values.CONTINUO_KEEP_IDEMPOTENCY_KEYS_DAYS,
      deliveries: values.CONTINUO_KEEP_DELIVERIES_DAYS,
      audit: values.CONTINUO_KEEP_AUDIT_DAYS,
      memories: values.CONTINUO_KEEP_MEMORIES_DAYS,
    },
    crashAt: values.CONTINUO_CRASH_AT,
    databasePool: values.CONTINUO_DATABASE_POOL,
    model: values.CONTINUO_MODEL,
    modelBaseUrl: values.CONTINUO_MODEL_BASE_URL,
    modelApiKey: values.CONTINUO_MODEL_API_KEY,
    modelOptions: values.CONTINUO_MODEL_OPTIONS,
    embeddingModel: values.CONTINUO_EMBEDDING_MODEL,
    prices: values.CONTINUO_PRICES,
    modelTimeoutMs: values.CONTINUO_MODEL_TIMEOUT_MS,
    mcpServers: values.CONTINUO_MCP_SERVERS ?? {},
    historyTokens: values.CONTINUO_HISTORY_TOKENS,
    memoryDelayMs: values.CONTINUO_MEMORY_DELAY_MS,
    externalAgents: externalAgents(values, env),
    sealingKey: values.CONTINUO_SEALING_KEY,
    /** Variables that begin as ours do, and that nothing here reads. */
    unknownVariables: unknown,
  });
}

/** How the console gets tokens of the issuer; undefined where people show a key or a token of their own. */
function consoleSignIn(values: z.output<typeof variables>) {
  const { CONTINUO_CONSOLE_CLIENT_ID: clientId, CONTINUO_CONSOLE_SCOPES: scope } = values;
  const { CONTINUO_JWT_ISSUER: issuer, CONTINUO_JWT_AUDIENCE: audience } = values;
  if (clientId === undefined || issuer === undefined || audience === undefined) return undefined;
  return { issuer, clientId, scope, audience };
}

function externalAgents({ CONTINUO_EXTERNAL_AGENTS: agents }: z.output<typeof variables>, env: NodeJS.ProcessEnv) {
  try {
    return withVariables(agents, env);
  } catch (error) {
    const issue = { code: 'custom' as const, path: ['CONTINUO_EXTERNAL_AGENTS'], message: messageOf(error) };
    throw new ConfigError(complaints([issue], env), { cause: error });
  }
}

/** Every variable in the order of the schema, with what is said about it. */
export function configVariables(): readonly (VariableNotes & { readonly name: string })[] {
  return names().map((name) => ({ name, ...notesOf(name) }));
}

type Name = keyof typeof variables.shape;

function names(): readonly Name[] {
  return variables.keyof().options;
}

function notesOf(name: Name): VariableNotes {
  const notes = variableNotes.get(variables.shape[name]);
  if (notes === undefined) throw new Error(`${name} has no notes in the schema`);
  return notes;
}

function complaints(
  issues: readonly Pick<z.core.$ZodIssue, 'path' | 'message' | 'code'>[],
  env: NodeJS.ProcessEnv,
  misspelt: readonly Misspelling[] = [],
  more: readonly string[] = [],
): string {
  const reasons = new Map<Name, string>();
  for (const { path, message, code } of issues) {
    const name = names().find((known) => known === path[0]);
    if (name === undefined || reasons.has(name)) continue;
    const { expected, secret } = notesOf(name);
    const found = secret && env[name] ? 'a secret value (hidden)' : env[name] ? shown(env[name]) : 'nothing';
    const because = code === 'custom' && message !== 'Invalid input' ? `\n    ${hidingLooks(message)}` : '';
    reasons.set(name, `  ${name}: found ${found}, expected ${expected}${because}`);
  }
  const slips = misspelt.map(({ name, meant }) => `  ${name}: there is no such variable. Did you mean ${meant}?`);
  return ['The environment is not usable:', ...reasons.values(), ...more, ...slips].join('\n');
}

/** A variable that is no secret may hold one by mistake, as the user and password of an address. */
function shown(value: string): string {
  return JSON.stringify(hidingLooks(value));
}
