/** The kinds of environment variables: how each is read, and what is expected of it in words. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { AllowList } from './egress/addresses.js';
import { DATABASE_FORM, readDatabaseUrl, targetOf } from './database-url.js';
import { parseModelSetting } from './model-settings.js';
import { openWebUrl, webUrl } from './web-url.js';

/** What people are told about a variable; `.env.example` and the error messages are made of it. */
export interface VariableNotes {
  readonly description: string;
  /** Completes "expected …". */
  readonly expected: string;
  readonly default?: string;
  /** A secret's value is never shown. */
  readonly secret?: true;
}

/** Notes whose `expected` follows from the kind of variable. */
type Unsaid<T extends string> = Omit<VariableNotes, 'expected'> & { readonly default: T };

/** What is said about each variable; keyed by the schema's members. */
export const variableNotes = z.registry<VariableNotes>();

export function text(about: VariableNotes) {
  return z.string().optional().register(variableNotes, about);
}

export function textOr(fallback: string, about: VariableNotes) {
  return z
    .string()
    .default(fallback)
    .register(variableNotes, { ...about, default: fallback });
}

export function whole(min: number, max: number, about: Unsaid<string>) {
  return z
    .string()
    .default(about.default)
    .refine((value) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max)
    .transform(Number)
    .register(variableNotes, { ...about, expected: `a whole number from ${min} to ${max}` });
}

/** US dollars. */
export function amount(about: Unsaid<string>) {
  return z
    .string()
    .default(about.default)
    .refine((value) => /^\d{1,9}(\.\d{1,9})?$/.test(value))
    .transform(Number)
    .register(variableNotes, { ...about, expected: 'an amount of US dollars as 12.50' });
}

/** A number, or `auto`, for which the machine is asked. */
export function wholeOrAuto(min: number, max: number, about: Unsaid<string>) {
  return z
    .string()
    .default(about.default)
    .refine((value) => value === 'auto' || (/^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max))
    .transform((value) => (value === 'auto' ? value : Number(value)))
    .register(variableNotes, { ...about, expected: `auto, or a whole number from ${min} to ${max}` });
}

/** Undefined when it isn't set. */
export function wholeOrNone(min: number, max: number, about: Omit<VariableNotes, 'expected' | 'default'>) {
  return z
    .string()
    .refine((value) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max)
    .transform(Number)
    .optional()
    .register(variableNotes, { ...about, expected: `a whole number from ${min} to ${max}` });
}

export function choice<const T extends readonly [string, ...string[]]>(values: T, about: Unsaid<T[number]>) {
  return z
    .enum(values)
    .default(about.default)
    .register(variableNotes, { ...about, expected: values.length === 1 ? values[0] : `one of ${values.join(', ')}` });
}

/** What stands between commas, empty entries left out. */
export function entriesOf(entries: string): readonly string[] {
  return entries
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Values with commas between them, as `read` understands each; it throws for one that can't be. */
export function listOf<Value>(read: (value: string) => Value, about: VariableNotes & { readonly default: string }) {
  return z
    .string()
    .default(about.default)
    .transform((entries, context) => {
      try {
        return entriesOf(entries).map((entry) => read(entry));
      } catch (error) {
        context.issues.push({ code: 'custom', input: entries, message: messageOf(error) });
        return z.NEVER;
      }
    })
    .register(variableNotes, about);
}

/** A host, an address or a network. */
export function allowed(entry: string): string {
  new AllowList([entry]).hasHost(entry);
  return entry;
}

/** Seconds, in milliseconds. */
export function wait(entry: string): number {
  if (/^\d{1,7}(\.\d{1,3})?$/.test(entry)) return Number(entry) * 1000;
  throw new Error(`${entry} is not a number of seconds.`);
}

export function flag(about: Unsaid<'true' | 'false'>) {
  return z
    .enum(['true', 'false'])
    .default(about.default)
    .transform((value) => value === 'true')
    .register(variableNotes, { ...about, expected: 'true or false' });
}

/** Names separated by commas. */
export function list(about: VariableNotes) {
  return z.string().default('').transform(entriesOf).register(variableNotes, about);
}

/** A value, or JSON of values by provider or model; see parseModelSetting. */
export function modelSetting(check: (value: string) => void, about: VariableNotes) {
  return parsed((value) => parseModelSetting(value, check), about);
}

/** Throws for what is no address of a web server. */
export function checkWeb(value: string): void {
  if (webUrl(value) === undefined) throw new Error('it is no address of a web server');
}

/** One PostgreSQL, or several hosts of one. `targets`: what `target_session_attrs` may say. */
export function database(targets: readonly string[], about: Omit<VariableNotes, 'expected' | 'secret'>) {
  const valid = (value: string): boolean => {
    try {
      readDatabaseUrl(value);
    } catch {
      return false;
    }
    const target = targetOf(value);
    return target === undefined || targets.includes(target);
  };
  const expected = `${DATABASE_FORM}; target_session_attrs, if it is there, ${targets.join(' or ')}`;
  return z
    .string()
    .refine(valid)
    .optional()
    .register(variableNotes, { ...about, expected, secret: true });
}

/** An address below which there are others: without user, query and fragment, and read without a slash at its end. */
export function baseUrl(about: Omit<VariableNotes, 'expected'>) {
  const valid = (value: string): boolean => !/[?#]/.test(value) && openWebUrl(value) !== undefined;
  const expected = 'a URL that begins with http:// or https://, without user, query (?) and fragment (#)';
  return z
    .string()
    .refine(valid)
    .transform((value) => {
      const read = new URL(value);
      return read.origin + read.pathname.replace(/\/+$/, '');
    })
    .optional()
    .register(variableNotes, { ...about, expected });
}

/** The messages of `parse` are shown, a secret's value isn't. */
export function parsed<Value>(parse: (value: string) => Value, about: VariableNotes) {
  return z
    .string()
    .default('')
    .transform((value, { issues }) => {
      try {
        return parse(value);
      } catch (error) {
        issues.push({ code: 'custom', message: messageOf(error), input: value });
        return z.NEVER;
      }
    })
    .register(variableNotes, about);
}

/** Undefined when it isn't set: in the local mode there is nobody to be protected from, and no limit. */
export function limitPerCaller({ default: usual, description }: Unsaid<string>) {
  return z
    .string()
    .regex(/^\d{1,7}$/)
    .transform(Number)
    .optional()
    .register(variableNotes, {
      description: `${description} 0 for any number. Default: ${usual}, without authentication 0.`,
      expected: 'a whole number from 0 to 9999999',
    });
}

export function keepDays(fallback: string, what: string) {
  return whole(0, 36_500, {
    default: fallback,
    description: `${what}: kept for this many days; 0 keeps them forever.`,
  });
}

export function origin(value: string): string {
  if (URL.canParse(value) && new URL(value).origin === value) return value;
  throw new Error(`${value} is no origin.`);
}

export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether nobody in between can change what is there: over plain HTTP only on this machine. */
export function isTrusted(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** What it names decides who is let in. */
export function trustedUrl(about: Omit<VariableNotes, 'expected'>) {
  return z
    .string()
    .refine(isTrusted)
    .optional()
    .register(variableNotes, { ...about, expected: 'a URL that begins with https://' });
}

/** Some of `values`, separated by commas. */
export function some<const T extends string>(values: readonly T[], names: string): readonly T[] {
  const named = names.split(',').map((name) => name.trim());
  return values.filter((value) => named.includes(value));
}

export function isSome(values: readonly string[], names: string): boolean {
  return names.split(',').every((name) => values.includes(name.trim()));
}
