/** Refuses options that no type has refused, as JavaScript and casts pass them, before anything is opened: by their names. */
import { inspect } from 'node:util';
import { distance } from 'fastest-levenshtein';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { variables } from '../platform/config-variables.js';
import { settingName } from '../platform/settings.js';
import type { ContinuoAsyncOptions, ContinuoFactoryOptions, ContinuoOptions } from './continuo-options.js';

/** What an option has to be, and whether a value is that. */
type Kind = readonly [expected: string, is: (value: unknown) => boolean];

const LIST: Kind = ['an array', Array.isArray];
const FLAG: Kind = ['true or false', (value) => typeof value === 'boolean'];
const TEXT: Kind = ['a text', (value) => typeof value === 'string'];
const OBJECT: Kind = ['an object', isObject];
const FUNCTION: Kind = ['a function', isFunction];
const CLASS: Kind = ['a class', isFunction];
const TOKEN: Kind = ['the token of a provider', () => true];

const options: Readonly<Record<keyof ContinuoOptions, Kind>> = {
  agents: LIST,
  agentsDir: TEXT,
  sessions: FLAG,
  providers: LIST,
  imports: LIST,
  config: OBJECT,
  env: OBJECT,
  path: TEXT,
  guards: ["'all' or 'none'", (value) => value === 'all' || value === 'none'],
  logger: ['a LoggerService of Nest’s or a pino logger', isLogger],
  console: FLAG,
};

const { agents, providers, imports } = options;
const asyncOptions: Readonly<Record<keyof ContinuoAsyncOptions, Kind>> = {
  agents,
  providers,
  imports,
  inject: LIST,
  useFactory: FUNCTION,
  useClass: CLASS,
  useExisting: TOKEN,
};

/** Throws CONFIG_INVALID, naming the option; `where` is what was called with them, as `startServer`. */
export function requireOptions(given: ContinuoOptions, where: string): void {
  requireKinds(given, options, where);
  if (given.agents === undefined) throw wrong(where, 'agents', undefined, 'an array of classes with @A2AAgent');
  requireClasses(given.agents, where);
}

/** The same of what `forRootAsync` is called with. */
export function requireAsyncOptions(given: ContinuoAsyncOptions): void {
  const made = isObject(given)
    ? Object.keys(given).find((name) => name in options && !(name in asyncOptions))
    : undefined;
  if (made !== undefined) {
    throw invalid(
      `ContinuoModule.forRootAsync: ${made} is an option that the factory makes, and not one beside it.`,
      made,
    );
  }
  requireKinds(given, asyncOptions, 'ContinuoModule.forRootAsync');
  requireClasses(given.agents ?? [], 'ContinuoModule.forRootAsync');
}

/** The same of what the factory of `forRootAsync` has made. */
export function requireMadeOptions(made: ContinuoFactoryOptions, where: string): void {
  requireKinds(made, options, where);
  requireClasses(made.agents ?? [], where);
}

function requireKinds(given: object, kinds: Readonly<Record<string, Kind>>, where: string): void {
  const found: unknown = given;
  if (!isObject(found)) throw invalid(`${where}: expected an object of options, found ${shown(found)}`);
  for (const [name, value] of Object.entries(found)) {
    const kind = kinds[name];
    if (kind === undefined) throw unknownOption(where, name, Object.keys(kinds));
    const [expected, is] = kind;
    if (value !== undefined && !is(value)) throw wrong(where, name, value, expected);
  }
}

function requireClasses(given: readonly unknown[], where: string): void {
  const index = given.findIndex((agent) => !isFunction(agent));
  if (index < 0) return;
  const agent = given[index];
  const remedy = agent === undefined ? ' (a circular import makes one undefined)' : '';
  throw wrong(where, `agents[${index}]`, agent, `a class with @A2AAgent${remedy}`);
}

function unknownOption(where: string, name: string, known: readonly string[]): ContinuoError {
  if (Object.keys(variables.shape).some((variable) => settingName(variable) === name)) {
    return invalid(`${where}: ${name} is a setting, and settings are in config: { config: { ${name}: … } }.`, name);
  }
  const near = known.find((other) => distance(other.toLowerCase(), name.toLowerCase()) <= 2);
  const rest = near === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${near}?`;
  return invalid(`${where}: there is no option ${name}. ${rest}`, name);
}

function wrong(where: string, name: string, value: unknown, expected: string): ContinuoError {
  return invalid(`${where}: ${name}: found ${shown(value)}, expected ${expected}`, name);
}

function invalid(message: string, field?: string): ContinuoError {
  return new ContinuoError('CONFIG_INVALID', message, field === undefined ? {} : { field });
}

/** In one short line, and nothing of what is inside of an object: it may be a secret. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (isObject(value)) return `an object of ${value.constructor?.name ?? 'no class'}`;
  return isFunction(value) ? 'a function' : inspect(value, { maxStringLength: 40, breakLength: Infinity });
}

function isLogger(value: unknown): boolean {
  if (!isObject(value)) return false;
  const has = (name: string): boolean => isFunction((value as Readonly<Record<string, unknown>>)[name]);
  return has('error') && has('warn') && (has('log') || has('info'));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
