/** What an agent asks people for: the schema of the answer, and the check that an answer fits it. */
import { createRequire } from 'node:module';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { z } from 'zod';
import { invalidArgument, messageOf, TerminalError } from '../platform/errors.js';
import { loadedLater } from '../platform/loaded-later.js';
import { inWords } from '../platform/parse.js';
import { isStorableTime } from '../platform/ranges.js';
import type { Message } from '../sessions/message.js';
import { INPUT_EXTENSION } from '../tasks/task.js';
import { contentOf, type Asks } from './content.js';
import type { Content, InputAnswer, InputOptions, JsonSchema } from './task-context.js';
import { cut } from '../platform/text.js';

/** Fields of an answer that an error names, and characters of each. */
const MOST_FIELDS = 20;
const MOST_NAME = 60;

const options = { strict: false, logger: false, addUsedSchema: false, validateSchema: true } as const;
const require = createRequire(import.meta.url);

const validators = loadedLater(() => {
  const { Ajv } = require('ajv') as typeof import('ajv');
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const { default: addFormats } = require('ajv-formats') as typeof import('ajv-formats');
  const [current, draft7] = [new Ajv2020(options), new Ajv(options)];
  for (const validator of [current, draft7]) addFormats.default(validator);
  return { current, draft7 };
});

/** What clients find in the metadata of a question, under the extension's URN. */
export interface InputRequest {
  /** JSON Schema (2020-12 unless it says another) of the answer's data part, or of its text. */
  readonly schema?: JsonSchema;
  /** ISO 8601; afterwards nobody's answer is taken any more. */
  readonly expiresAt?: string;
}

/** Throws TerminalError for options that can't be. */
export function toInputRequest(method: Asks, { schema, timeoutMs }: InputOptions, now: Date): InputRequest {
  const expiresAt = timeoutMs === undefined ? undefined : new Date(now.getTime() + timeoutMs);
  if (timeoutMs !== undefined && !(timeoutMs > 0 && expiresAt !== undefined && isStorableTime(expiresAt))) {
    throw new TerminalError(`${method}: expected timeoutMs to be a number of milliseconds, got ${timeoutMs}`);
  }
  return {
    ...(schema === undefined ? {} : { schema: toJsonSchema(method, schema) }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
  };
}

/** Throws INVALID_ARGUMENT, naming the place, when the answer doesn't fit the question's schema. */
export function checkAnswer(question: Message | undefined, answer: Message): void {
  const request = question?.metadata?.[INPUT_EXTENSION];
  if (typeof request !== 'object' || request === null || !('schema' in request)) return;
  const check = compile(request.schema as JsonSchema);
  const index = answer.parts.findIndex((part) => part.data !== undefined);
  const { text } = contentOf(answer.parts);
  if (check(index < 0 ? text : answer.parts[index]?.data)) return;
  const error = closest(check.errors ?? []);
  const path = error === undefined ? [] : pathOf(error);
  const expected = error === undefined ? 'what the question asks for' : expectedBy(error);
  if (index >= 0) throw invalidArgument(`message.parts[${index}].data${path.map(toAccess).join('')}`, expected);
  const wantsData = error?.instancePath === '' && error.keyword === 'type';
  throw invalidArgument('message.parts', wantsData ? expectedData(request.schema as JsonSchema) : expected);
}

/** Of several alternatives, the one that the answer fits furthest: its error is the one to mend. */
function closest(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.toSorted((one, other) => pathOf(other).length - pathOf(one).length)[0];
}

/** For who answers in text where data is asked for: which fields they have, `?` behind those that may be absent. */
function expectedData({ properties, required }: JsonSchema): string {
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

/** The answer as the agent gets it: its data parsed by zod, if zod gave the schema. */
export async function readAnswer(
  given: Message & { readonly question?: string; readonly askedBy?: unknown },
  { schema }: InputOptions,
): Promise<{ readonly answer: InputAnswer } | { readonly refused: string }> {
  const { question: _, askedBy: __, ...message } = given;
  const content = { ...contentOf(message.parts), message };
  if (schema === undefined) return { answer: { ...content, timedOut: false } };
  const said = content.data === undefined ? content.text : content.data;
  if (!(schema instanceof z.ZodType)) return { answer: { ...content, data: said, timedOut: false } };
  const parsed = await schema.safeParseAsync(said);
  if (!parsed.success) return { refused: inWords(parsed.error) };
  return { answer: { ...content, data: parsed.data, timedOut: false } };
}

/** What the agent gets when nobody answered. Throws TerminalError without a default. */
export function defaultAnswer({ timeoutMs, ...rest }: InputOptions): InputAnswer {
  if (!('default' in rest)) throw new TerminalError(`Nobody answered within ${timeoutMs ?? 0} ms.`);
  const { default: value, schema } = rest;
  const parts = typeof value === 'string' ? [{ text: value }] : [{ data: value }];
  const content: Content = contentOf(parts);
  return { ...content, ...(schema === undefined ? {} : { data: value }), timedOut: true };
}

function toJsonSchema(method: Asks, schema: NonNullable<InputOptions['schema']>): JsonSchema {
  if (typeof schema !== 'object' || schema === null) {
    throw new TerminalError(`${method}: expected schema to be a zod type or a JSON Schema, got ${String(schema)}`);
  }
  try {
    const json = schema instanceof z.ZodType ? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) : schema;
    compile(json);
    return json;
  } catch (error) {
    throw new TerminalError(`${method}: the schema can't be used: ${messageOf(error)}`);
  }
}

function compile(schema: JsonSchema): ValidateFunction {
  const { $schema, ...own } = schema;
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
