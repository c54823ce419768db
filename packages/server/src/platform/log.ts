/** The structured log (pino); everything that logs is handed one, nothing logs to the console. No secret reaches it. */
import { destination, pino, stdSerializers, type Logger } from 'pino';
import { tracing } from '@continuo/agent/internal/platform/tracing.js';
import type { Config } from './config.js';
import { readDatabaseUrl } from './database-url.js';
import { linesFor, type HostLogger } from './host-logger.js';
import { linesOfATurn } from './lines-of-a-turn.js';
import { forPeople } from './log-for-people.js';
import { isInstalled } from './optional-parts.js';
import { secretsOfServer } from './mcp-servers.js';
import { valuesOf } from './model-settings.js';
import { HIDDEN, hiding, hidingLearned, hidingLooks, namesSecret, withWords } from './secrets.js';

export type Log = Logger;

/** POSIX: a pipe takes so many bytes in one piece, whoever else writes to it. Letters may have more than one. */
const WRITTEN_WHOLE = 3_500;

export interface LogOptions {
  /** Hidden wherever they occur in a line, whoever says them: a provider's error, a driver, an agent. Default: none. */
  readonly secrets?: readonly string[];
  /** `pretty` writes a line for people, `json` an object a line, `auto` the first in a terminal where pino-pretty is installed. Default: `json`. */
  readonly format?: Config['logFormat'];
  /** To stderr instead, always as `json`. Default: false. */
  readonly toStderr?: boolean;
  /** Another logger, which writes in its own format, and what it wants. */
  readonly to?: HostLogger | undefined;
  /** Several processes write to the same place: each line names the process, and is written whole. Default: false. */
  readonly isOneOfSeveral?: boolean;
}

/** The log as `config` wants it, which none of its secrets reaches. */
export function logOf(config: Config, to?: HostLogger): Log {
  const isOneOfSeveral = config.processes !== 1;
  return createLog(config.logLevel, { secrets: secretsOf(config), format: config.logFormat, to, isOneOfSeveral });
}

/** Logs what is at least as severe as `level`, to stdout. */
export function createLog(level: string, given: LogOptions = {}): Log {
  const { secrets = [], format = 'json', toStderr = false, to, isOneOfSeveral = false } = given;
  const options = {
    level,
    base: isOneOfSeveral ? { pid: process.pid } : undefined,
    formatters: { log: (line: Readonly<Record<string, unknown>>) => traced(withoutSecrets(line)) },
    serializers: {
      err: (error: unknown) => (error instanceof Error ? hidden({ ...stdSerializers.err(error) }) : error),
    },
    hooks: { streamWrite: hidingInLines(secrets) },
  };
  if (to !== undefined) return withCarefulChildren(pino(options, linesFor(to)));
  if (toStderr) return withCarefulChildren(pino(options, destination({ dest: 2, sync: true })));
  const isPretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY && isInstalled('pretty'));
  return withCarefulChildren(
    pino(options, isPretty ? forPeople() : linesOfATurn(isOneOfSeveral ? WRITTEN_WHOLE : undefined)),
  );
}

/** What a child has in each of its lines passes no formatter. */
function withCarefulChildren(log: Log): Log {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the logger whose child is made
  const { child } = log;
  return Object.assign(log, {
    child(this: Log, bindings: Readonly<Record<string, unknown>>, options?: Parameters<Log['child']>[1]) {
      return child.call(this, withoutSecrets(bindings), options);
    },
  });
}

/** A line says where in a trace it was made, if anywhere. */
function traced(line: Record<string, unknown>): Record<string, unknown> {
  const ids = tracing()?.ids();
  return ids === undefined ? line : { ...line, ...ids };
}

/** A line's fields: those that are named as secrets are hidden, also one level below. */
function withoutSecrets(line: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown = hidden(line);
  for (const name of Object.keys(shown)) {
    const value = shown[name];
    // The error of a line has a serializer.
    if (isFields(value) && !(name === 'err' && value instanceof Error)) shown[name] = hidden(value);
  }
  return shown;
}

function hidden(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) shown[name] = namesSecret(name) ? HIDDEN : fields[name];
  return shown;
}

/** An object without a form of its own in JSON. */
function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value);
}

type Secretive = Pick<Config, 'databaseUrl' | 'modelApiKey' | 'mcpServers' | 'externalAgents'> &
  Partial<Pick<Config, 'databaseReadUrl' | 'signingKeys' | 'telemetry' | 'sealingKey'>>;

/** Every secret that the configuration holds. */
export function secretsOf(config: Secretive) {
  const { databaseUrl, databaseReadUrl, modelApiKey, mcpServers, externalAgents, signingKeys = [] } = config;
  const { telemetry, sealingKey } = config;
  const passwords = [databaseUrl, databaseReadUrl].flatMap((url) =>
    url === undefined ? [] : [readDatabaseUrl(url).password],
  );
  const values = [
    ...Object.values(mcpServers).flatMap(secretsOfServer),
    ...externalAgents.flatMap((agent) => Object.values(agent.headers)),
    ...Object.values(telemetry?.headers ?? {}),
    ...(sealingKey === undefined ? [] : [sealingKey]),
  ];
  const keys = signingKeys.flatMap(({ d, p, q }) => [d, p, q].filter((part) => part !== undefined));
  return [...passwords, ...passwords.map(decodeURIComponent), ...valuesOf(modelApiKey), ...withWords(values), ...keys];
}

/** Takes secrets out of texts and of JSON that others than the log show: those of the configuration, and what looks like one. */
export function hidingAll(secrets: readonly string[]): (text: string) => string {
  const hide = hidingInLines(secrets);
  const inText = hiding(secrets);
  return (text) => inText(hide(text));
}

function hidingInLines(secrets: readonly string[]): (line: string) => string {
  const hide = hiding(secrets.map((secret) => JSON.stringify(secret).slice(1, -1)));
  return (line) => hidingLooks(hidingLearned(hide(line)));
}
