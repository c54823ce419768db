/** The environment variables the server knows: one schema, with the default, the meaning and the limits of each. */
import { z } from 'zod';
import { crashPoints } from '@continuo/agent/internal/platform/crash-points.js';
import { DEFAULT_LIMITS } from '@continuo/agent/internal/platform/default-limits.js';
import { scopes, type Scope } from './caller.js';
import { cardVariables } from './card-variables.js';
import { parseExternalAgents } from './external-agents.js';
import { grpcVariables } from './grpc-variables.js';
import { FILES_FORM, parseFileStorage } from './file-storage.js';
import { parseMcpServers } from './mcp-servers.js';
import { telemetryVariables } from './telemetry/telemetry-settings.js';
import { OPTIONS_FORM, parseModelOptions } from './model-options-setting.js';
import { operatorVariables } from './operator-variables.js';
import {
  allowed,
  amount,
  baseUrl,
  checkWeb,
  choice,
  database,
  flag,
  isSome,
  keepDays,
  limitPerCaller,
  list,
  listOf,
  modelSetting,
  origin,
  parsed,
  some,
  text,
  textOr,
  trustedUrl,
  variableNotes,
  wait,
  whole,
  wholeOrAuto,
  wholeOrNone,
} from './variable-kinds.js';

/** How callers can prove who they are; none of them in the local mode. */
export type AuthScheme = (typeof authSchemes)[number];
export const authSchemes = ['keys', 'jwt'] as const;

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
/** How language models are named: one, or those that are asked one after the other. */
export const MODEL =
  /^(openai|openai-compatible|anthropic|google)\/[^\s,]+(\s*,\s*(openai|openai-compatible|anthropic|google)\/[^\s,]+)*$/;
export const EXPECTED_MODEL =
  '<provider>/<model id> with a provider of openai-compatible, openai, anthropic, google; several separated by commas';
const EMBEDDING_MODEL = /^(openai|openai-compatible|google)\/[^\s,]+$/;
export const USUAL_PORT = 4_000;

export const variables = z.object({
  PORT: whole(0, 65_535, { default: String(USUAL_PORT), description: 'TCP port to listen on; 0 takes a free one.' }),
  HOST: textOr('127.0.0.1', {
    description: 'Address to listen on. Without authentication only a loopback address is accepted.',
    expected: 'a loopback address (127.0.0.1, ::1 or localhost) while CONTINUO_AUTH is none',
  }),
  CONTINUO_PROCESSES: wholeOrAuto(1, 256, {
    default: '1',
    description:
      'Processes that serve behind the one port, each an instance of its own; auto for one per core. They are supervised: one that dies is replaced, and SIGHUP reloads them one by one.',
  }),
  DATABASE_URL: database(['read-write', 'primary'], {
    description:
      'PostgreSQL 14 to 18 to use; of several hosts (host1:5432,host2:5432) the one that takes writes. Without it the server runs a PostgreSQL of its own in the data directory.',
  }),
  DATABASE_READ_URL: database(['standby', 'prefer-standby', 'any'], {
    description:
      'Standbys of the PostgreSQL of DATABASE_URL that lists, searches, exports and statistics may read; never shows less than was stored before the request.',
  }),
  CONTINUO_DATA_DIR: textOr('.continuo', {
    description: 'Directory of what the server keeps on disk, relative to where it is started.',
    expected: 'a path',
  }),
  CONTINUO_AGENTS_DIR: textOr('agents', {
    description:
      'Directory of the agents that are declared in Markdown files, relative to where the server is started; it may be missing.',
    expected: 'a path',
  }),
  CONTINUO_AGENT_PACKAGES: list({
    description:
      'Packages whose agents are served, too, separated by commas: each exports `agents`, a list of classes. `npm start` takes @continuo/swarm unless this is set; a comma alone takes none.',
    expected: 'names of installed packages, separated by commas',
  }),
  CONTINUO_PUBLIC_URL: baseUrl({
    description:
      'Address under which clients reach this server, with the path that a proxy has put in front, if any; written into the agent cards.',
  }),
  CONTINUO_CORS_ORIGINS: listOf(origin, {
    default: '',
    description: 'Other sites whose pages may call this server from a browser. Without it none may.',
    expected: 'origins as https://app.example.com, separated by commas',
  }),
  CONTINUO_AUTH: z
    .string()
    .default('none')
    .refine((value) => value === 'none' || isSome(authSchemes, value))
    .transform((value): readonly AuthScheme[] => some(authSchemes, value))
    .register(variableNotes, {
      default: 'none',
      description:
        'How callers prove who they are: API keys, tokens of an OpenID Connect issuer, or both; with none there is one user, on this machine.',
      expected: 'none, or one or both of keys, jwt, separated by a comma',
    }),
  CONTINUO_JWT_ISSUER: trustedUrl({
    description: 'Issuer of the tokens, as their claim iss has it. Required for jwt.',
  }),
  CONTINUO_JWT_AUDIENCE: text({
    description: 'What tokens must name in their claim aud. Required for jwt.',
    expected: 'the name of this server at the issuer',
  }),
  CONTINUO_JWT_JWKS_URL: trustedUrl({
    description: 'Where the public keys of the issuer are. Default: where its /.well-known/openid-configuration says.',
  }),
  CONTINUO_JWT_OWNER_CLAIM: textOr('sub', {
    description: 'Claim that names the owner of what a caller makes.',
    expected: 'the name of a claim',
  }),
  CONTINUO_JWT_TENANT_CLAIM: text({
    description: 'Claim that names the tenant of a caller. Without it everybody is in the tenant default.',
    expected: 'the name of a claim',
  }),
  CONTINUO_JWT_SCOPES: z
    .string()
    .default('read,write')
    .refine((value) => isSome(scopes, value))
    .transform((value): readonly Scope[] => some(scopes, value))
    .register(variableNotes, {
      default: 'read,write',
      description: 'What a caller may do whose token names none of these in its claim scope.',
      expected: `some of ${scopes.join(', ')}, separated by commas`,
    }),
  ...cardVariables,
  ...grpcVariables,
  ...operatorVariables,
  CONTINUO_CONSOLE_CLIENT_ID: text({
    description:
      'Client id of the console at the issuer, as a public client: with it people sign in to the console there. Needs jwt in CONTINUO_AUTH.',
    expected: 'the id of a client',
  }),
  CONTINUO_CONSOLE_SCOPES: textOr('openid', {
    description: 'Scopes that the console asks the issuer for, separated by spaces.',
    expected: 'names of scopes, separated by spaces',
  }),
  CONTINUO_SESSIONS: flag({
    default: 'true',
    description: 'Whether sessions are kept. With false every call is stateless.',
  }),
  CONTINUO_LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'Least severe level that is logged.',
  }),
  CONTINUO_TRACE_PROMPTS: flag({
    default: 'false',
    description:
      "Whether what language models are asked is kept and shown in tasks' traces, at most 64 KiB of each call.",
  }),
  CONTINUO_LOG_FORMAT: choice(['auto', 'pretty', 'json'], {
    default: 'auto',
    description: 'How the log is written: pretty for people, json for programs, auto for pretty in a terminal only.',
  }),
  CONTINUO_BODY_LIMIT_BYTES: whole(1024, 1024 ** 3, {
    default: String(10 * 1024 ** 2),
    description: 'Largest request body, in bytes.',
  }),
  CONTINUO_BODY_LIMIT_VALUES: whole(1000, 10_000_000, {
    default: '100000',
    description:
      'Most values in a request body: objects, arrays, texts, numbers, true, false and null. A hundred thousand cost about a tenth of a second.',
  }),
  CONTINUO_LIMIT_REQUESTS: limitPerCaller({
    default: '100',
    description: 'Requests a second of one caller to one instance; ten seconds of them may come at once.',
  }),
  CONTINUO_LIMIT_STREAMS: limitPerCaller({
    default: '500',
    description: 'Event streams of one caller that are open at the same time on one instance.',
  }),
  CONTINUO_LIMIT_TASKS: whole(0, 10_000_000, {
    default: '0',
    description: 'Tasks of one caller that have not ended, without what these call; 0 for any number.',
  }),
  CONTINUO_LIMIT_CALL_DEPTH: whole(0, 10_000, {
    default: '20',
    description: 'How deep agents may call each other below the task that a user began; 0 for any depth.',
  }),
  CONTINUO_LIMIT_TREE_TASKS: whole(0, 10_000_000, {
    default: '1000',
    description: 'Tasks that one task of a user may grow to with all that it calls, itself included; 0 for any number.',
  }),
  CONTINUO_LIMIT_TOKENS_PER_DAY: whole(0, Number.MAX_SAFE_INTEGER, {
    default: '0',
    description:
      'Tokens of language models, input and output, of one caller in a day (UTC); then its tasks fail before they ask a model again. 0 for any number.',
  }),
  CONTINUO_LIMIT_COST_PER_DAY: amount({
    default: '0',
    description:
      'US dollars for language models of one caller in a day (UTC), as far as prices are known; the same. 0 for any amount.',
  }),
  CONTINUO_LIMIT_STORED_BYTES: whole(0, Number.MAX_SAFE_INTEGER, {
    default: '0',
    description: 'Bytes that are stored for one caller, about, before it may begin no more tasks; 0 for any number.',
  }),
  CONTINUO_LIMIT_ARTIFACT_BYTES: whole(0, Number.MAX_SAFE_INTEGER, {
    default: String(DEFAULT_LIMITS.artifactBytes),
    description: 'Bytes, about, that a run may write into one artifact before its task fails; 0 for any number.',
  }),
  CONTINUO_LIMIT_TASK_BYTES: whole(0, Number.MAX_SAFE_INTEGER, {
    default: String(DEFAULT_LIMITS.taskBytes),
    description:
      'Bytes, about, that a run may say in all artifacts and messages before its task fails; 0 for any number.',
  }),
  CONTINUO_LIMIT_MESSAGE_BYTES: whole(1024, 256 * 1024 ** 2, {
    default: String(DEFAULT_LIMITS.messageBytes),
    description: 'Largest message of an agent (an answer or a question), in bytes; more belongs into an artifact.',
  }),
  CONTINUO_FILES: parsed(parseFileStorage, {
    default: 'postgres',
    expected: FILES_FORM,
    description:
      'Where the content of uploaded files and large artifacts goes: PostgreSQL, or S3 and what speaks its protocol, with the credentials that the AWS SDK finds (AWS_ACCESS_KEY_ID, profiles, roles). What lies there already stays where it is.',
  }),
  CONTINUO_LIMIT_FILE_BYTES: whole(1, 48 * 1024 ** 3, {
    default: String(1024 ** 3),
    description: 'Largest file that may be uploaded, in bytes.',
  }),
  CONTINUO_UPLOAD_TIMEOUT_MS: whole(1_000, 365 * DAY_MS, {
    default: String(DAY_MS),
    description:
      'How long an upload that has stopped half-way may be continued, in milliseconds. Then what is stored of it is removed.',
  }),
  CONTINUO_ANSWER_BYTES: whole(64 * 1024, 256 * 1024 ** 2, {
    default: String(32 * 1024 ** 2),
    description:
      'Bytes of content in the answer with one task. An artifact that does not fit comes with the address of its content.',
  }),
  CONTINUO_STALLED_CLIENT_MS: whole(100, 3_600_000, {
    default: '60000',
    description: 'Milliseconds after which a client is cut off that takes nothing of what waits for it.',
  }),
  CONTINUO_REQUEST_TIMEOUT_MS: whole(100, HOUR_MS, {
    default: '30000',
    description: 'Time a client has to send its whole request, in milliseconds. Then its connection is cut.',
  }),
  CONTINUO_MAX_CONNECTIONS: whole(1, 1_000_000, {
    default: '10000',
    description: 'Connections of clients to one instance at the same time; further ones are closed at once.',
  }),
  CONTINUO_BLOCKING_TIMEOUT_MS: whole(1, DAY_MS, {
    default: '300000',
    description: 'How long a blocking SendMessage waits before it answers with the task as it is, in milliseconds.',
  }),
  CONTINUO_TASK_TIMEOUT_MS: whole(1, 24 * DAY_MS, {
    default: String(DAY_MS),
    description: 'How long an agent may work without finishing its task, in milliseconds; waiting does not count.',
  }),
  CONTINUO_MAX_RUNS: whole(1, 1000, {
    default: '10',
    description: 'How often a task is started without getting further, crashes included, before it is FAILED.',
  }),
  CONTINUO_HELD_TIMEOUT_MS: wholeOrNone(1_000, 3_650 * DAY_MS, {
    description:
      'How long a task is held whose code does not fit what it has done, in milliseconds, before it is FAILED. Without it: for as long as it takes.',
  }),
  CONTINUO_HEARTBEAT_MS: whole(10, HOUR_MS, {
    default: '750',
    description: 'How often an instance says that it is alive, in milliseconds.',
  }),
  CONTINUO_LEASE_MS: whole(20, DAY_MS, {
    default: '3000',
    description:
      'After how long without a heartbeat others take over the work of an instance, in milliseconds. At least two heartbeats.',
  }),
  CONTINUO_SWEEP_MS: whole(10, HOUR_MS, {
    default: '1000',
    description: 'How often an instance looks for work that nobody does, in milliseconds.',
  }),
  CONTINUO_SSE_HEARTBEAT_MS: whole(10, HOUR_MS, {
    default: '15000',
    description: 'How often a silent event stream carries a comment that keeps it open, in milliseconds.',
  }),
  CONTINUO_DRAIN_MS: whole(0, HOUR_MS, {
    default: '10000',
    description: 'How long a stopping server lets running work come to a safe point, in milliseconds.',
  }),
  CONTINUO_WEBHOOK_ALLOW: listOf(allowed, {
    default: '',
    description:
      'Hosts, addresses and networks that webhooks and external agents may be called at although they are not public, with commas between them. Listed external agents may be called by plain HTTP. Loopback addresses are allowed without being listed while CONTINUO_AUTH is none.',
    expected: 'host names, addresses and networks like hooks.internal,10.1.0.0/16',
  }),
  CONTINUO_WEBHOOK_RETRIES: listOf(wait, {
    default: '5,30,120,600,1800,7200,18000,28800,28800',
    description:
      'Waits before a webhook that failed is sent again, in seconds, each lengthened or shortened by up to a fifth at random. After the last it is given up. The default lasts about 24 hours.',
    expected: 'numbers of seconds with commas between them',
  }),
  CONTINUO_WEBHOOK_TIMEOUT_MS: whole(100, HOUR_MS, {
    default: '15000',
    description: 'How long a receiver of webhooks may take to answer, in milliseconds.',
  }),
  CONTINUO_WEBHOOK_PAUSE_AFTER_MS: whole(1, 365 * DAY_MS, {
    default: String(3 * DAY_MS),
    description: 'A webhook that nothing could be delivered to for so long is paused, in milliseconds.',
  }),
  CONTINUO_RETENTION_MS: whole(10, DAY_MS, {
    default: '600000',
    description: 'How often what is older than the CONTINUO_KEEP_… say is removed, in milliseconds.',
  }),
  CONTINUO_KEEP_SESSIONS_DAYS: keepDays('0', 'Sessions, with all that belongs to them, after they were last touched'),
  CONTINUO_KEEP_TASKS_DAYS: keepDays('0', 'Tasks, with events and artifacts, after they have ended'),
  CONTINUO_KEEP_MEMORIES_DAYS: keepDays('0', 'Memories, after they were last said or changed'),
  CONTINUO_KEEP_IDEMPOTENCY_KEYS_DAYS: keepDays('7', 'Idempotency keys, after their first use'),
  CONTINUO_KEEP_DELIVERIES_DAYS: keepDays('0', 'Deliveries of webhooks that arrived or were given up'),
  CONTINUO_KEEP_AUDIT_DAYS: keepDays('0', 'The audit log'),
  CONTINUO_CRASH_AT: z
    .string()
    .refine(
      (value) => /^[a-z-]+:[1-9]\d{0,5}$/.test(value) && crashPoints.some((point) => value.startsWith(`${point}:`)),
    )
    .optional()
    .register(variableNotes, {
      description: 'For tests: the process kills itself when it passes the named point for the n-th time.',
      expected: `<point>:<n>, the point one of ${crashPoints.join(', ')}`,
    }),
  CONTINUO_DATABASE_POOL: whole(2, 1000, {
    default: '10',
    description: 'Most database connections in each of the two pools of one instance.',
  }),
  CONTINUO_MODEL: z.string().regex(MODEL).optional().register(variableNotes, {
    description:
      'Language model as <provider>/<model id>, the provider one of openai-compatible, openai, anthropic, google. Of several, separated by commas, the next one is asked when one is unavailable. Without it a deterministic offline model answers.',
    expected: EXPECTED_MODEL,
  }),
  CONTINUO_MODEL_BASE_URL: modelSetting(checkWeb, {
    description:
      'Address of the model\'s API, for models of the provider of the first one; or JSON by provider or model: {"openai-compatible/a":"http://…"}. Required for openai-compatible.',
    expected:
      'a URL that begins with http:// or https://, or JSON of such (required when CONTINUO_MODEL is openai-compatible/…)',
  }),
  CONTINUO_MODEL_API_KEY: modelSetting(() => undefined, {
    description:
      'Key for the model\'s API, for models of the provider of the first one; or JSON by provider or model: {"anthropic":"…","openai":"…"}. Other providers\' keys are read from their own variables (ANTHROPIC_API_KEY, OPENAI_API_KEY, GOOGLE_GENERATIVE_AI_API_KEY).',
    expected: 'a key, or JSON of keys by provider or model',
    secret: true,
  }),
  CONTINUO_MODEL_OPTIONS: parsed(parseModelOptions, {
    description:
      "Options of providers that models are asked with, as the AI SDK has them, by provider or by model; an agent's own come before them.",
    expected: OPTIONS_FORM,
  }),
  CONTINUO_EMBEDDING_MODEL: z.string().regex(EMBEDDING_MODEL).optional().register(variableNotes, {
    description:
      'Model that turns texts into vectors, as <provider>/<model id>, the provider one of openai, openai-compatible, google; address and key as for CONTINUO_MODEL.',
    expected: '<provider>/<model id> with a provider of openai, openai-compatible, google',
  }),
  CONTINUO_PRICES: text({
    description:
      'File with the prices of models, as packages/server/prices.json has them; its models come before those that the server knows.',
    expected: 'the path of a JSON file',
  }),
  CONTINUO_MODEL_TIMEOUT_MS: whole(100, DAY_MS, {
    default: '60000',
    description: 'How long one call of the model may take, in milliseconds.',
  }),
  CONTINUO_MCP_SERVERS: z
    .string()
    .refine((value) => parseMcpServers(value) !== undefined)
    .transform((value) => parseMcpServers(value) ?? {})
    .optional()
    .register(variableNotes, {
      description:
        'MCP servers whose tools agents may use: name=url,name=url, or JSON: {"search":{"url":"https://…","headers":{…}},"files":{"command":"npx","args":["…"],"env":{…}}}. See docs/mcp.md.',
      expected:
        'name=url, separated by commas, or a JSON object of { url, headers?, oauth? } or { command, args?, env? } by name, each with resources? and prompts? (true) and approve? (always, or a list of tools); oauth is { clientId, clientSecret or refreshToken, scope?, tokenUrl?, issuer? }',
      secret: true,
    }),
  CONTINUO_HISTORY_TOKENS: whole(100, 10_000_000, {
    default: '16000',
    description:
      'How much of a session a model is shown word for word, in tokens (estimated: four characters each). What is older is summed up.',
  }),
  CONTINUO_MEMORY_DELAY_MS: whole(0, DAY_MS, {
    default: '10000',
    description:
      'How long after a turn an agent with memory has what was said gone through for what is worth remembering, in milliseconds. Turns in between are gone through together.',
  }),
  CONTINUO_EXTERNAL_AGENTS: parsed(parseExternalAgents, {
    secret: true,
    description:
      'Remote A2A agents to offer as external/<name>, by the URLs of their cards. In the headers of the JSON form env:NAME stands for the environment variable NAME.',
    expected:
      '<name>=<URL of its card>, separated by commas, or JSON: [{"name":"…","card":"…","headers":{"authorization":"Bearer env:NAME"}}]',
  }),
  ...telemetryVariables,
});
