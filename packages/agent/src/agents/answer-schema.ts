/** Whether an answer fits the JSON Schema that its question has, and where and how it does not. */
import { createRequire } from 'node:module';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { inTime, TookTooLong } from '../platform/in-time.js';
import { loadedLater } from '../platform/loaded-later.js';
import { cut } from '../platform/text.js';
import { withoutPatterns } from './foreign-schema.js';
import type { JsonSchema } from './task-context.js';

/** Fields of an answer that an error names, and characters of each. */
const MOST_FIELDS = 20;
const MOST_NAME = 60;
/** A check holds up everybody; one that takes longer goes through the same again and again. */
const MOST_MS = 1_000;

const options = { strict: false, logger: false, validateSchema: true } as const;
const require = createRequire(import.meta.url);

const validators = loadedLater(() => {
  const { Ajv } = require('ajv') as typeof import('ajv');
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const { default: addFormats } = require('ajv-formats') as typeof import('ajv-formats');
  const [current, draft7] = [new Ajv2020(options), new Ajv(options)];
  for (const validator of [current, draft7]) addFormats.default(validator);
  return { current, draft7 };
});

/** Why an answer doesn't fit. */
export interface Flaw {
  /** Names of fields and numbers of items, from the answer inwards. */
  readonly path: readonly string[];
  /** Completes "expected …". */
  readonly expected: string;
  /** Its schema takes values of another type. */
  readonly wantsData: boolean;
}

/** Throws for what is no schema. */
export function requireUsable(schema: JsonSchema, isForeign: boolean): void {
  compile(schema, isForeign);
}

/** Of another server's schema, what takes too long is left to that server, as patterns are. */
export function flawOf(said: unknown, schema: JsonSchema, isForeign: boolean): Flaw | undefined {
  const check = compile(schema, isForeign);
  try {
    if (inTime(MOST_MS, () => check(said))) return undefined;
  } catch (error) {
    if (isForeign) return undefined;
    if (!(error instanceof TookTooLong)) throw error;
    return { path: [], expected: `an answer that can be checked within ${MOST_MS} ms`, wantsData: false };
  }
  const error = closest(check.errors ?? []);
  if (error === undefined) return { path: [], expected: 'what the question asks for', wantsData: false };
  const wantsData = error.instancePath === '' && error.keyword === 'type';
  return { path: pathOf(error), expected: expectedBy(error), wantsData };
}

/** As `inWords` says of zod's. */
export function flawInWords({ path, expected }: Flaw): string {
  const place = accessTo('', path).replace(/^\./, '');
  return `${place === '' ? '' : `${place}: `}expected ${expected}`;
}

/** For who answers in text where data is asked for: which fields they have, `?` behind those that may be absent. */
export function expectedData({ properties, required }: JsonSchema): string {
  const whole = 'a data part that fits the schema of the question';
  if (typeof properties !== 'object' || properties === null) return whole;
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const all = Object.entries(properties);
  const fields = all.slice(0, MOST_FIELDS).map(([name, field]: readonly [string, unknown]) => {
    const type = typeof field === 'object' && field !== null && 'type' in field ? ` (${String(field.type)})` : '';
    return `${cut(name, MOST_NAME)}${needed.includes(name) ? '' : '?'}${type}`;
  });
  if (fields.length === 0) return whole;
  return `${whole}, with ${fields.join(', ')}${all.length > fields.length ? ' and more' : ''}`;
}

export function accessTo(root: string, path: readonly string[]): string {
  return root + path.map(toAccess).join('');
}

/** Of several alternatives, the one that the answer fits furthest: its error is the one to mend. */
function closest(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.toSorted((one, other) => pathOf(other).length - pathOf(one).length)[0];
}

function compile(schema: JsonSchema, isForeign: boolean): ValidateFunction {
  const { $schema, ...own } = isForeign ? withoutPatterns(schema) : schema;
  const { current, draft7 } = validators();
  const ajv = /draft-0[67]/.test(String($schema)) ? draft7 : current;
  try {
    return ajv.compile(own);
  } finally {
    ajv.removeSchema(own);
  }
}

/** A property that is missing, or too many, is where the answer is wrong. */
function pathOf({ instancePath, params }: ErrorObject): readonly string[] {
  const segments = instancePath.split('/').slice(1);
  const own: unknown = params['missingProperty'] ?? params['additionalProperty'];
  const path = segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  return typeof own === 'string' ? [...path, own] : path;
}

function toAccess(segment: string): string {
  if (/^\d+$/.test(segment)) return `[${segment}]`;
  return /^[\w-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
}

function expectedBy({ keyword, message, params }: ErrorObject): string {
  if (keyword === 'required') return 'a value';
  if (keyword === 'additionalProperties') return 'no such field';
  if (keyword === 'enum') return `one of ${JSON.stringify(params['allowedValues'])}`;
  if (keyword === 'const') return JSON.stringify(params['allowedValue']);
  if (keyword === 'type') return `a value of type ${String(params['type'])}`;
  return message?.replace(/^must /, 'a value that must ') ?? 'another value';
}
