/** What an agent asks people for: the schema of the answer, and the check that an answer fits it. */
import { z } from 'zod';
import { invalidArgument, messageOf, TerminalError } from '../platform/errors.js';
import { UnansweredError } from './unanswered.js';
import { inWords } from '../platform/parse.js';
import { isStorableTime } from '../platform/ranges.js';
import type { Message, Part } from '../sessions/message.js';
import { INPUT_EXTENSION } from '../tasks/task.js';
import { accessTo, expectedData, flawInWords, flawOf, requireUsable } from './answer-schema.js';
import { contentOf, type Asks } from './content.js';
import type { Content, InputAnswer, InputOptions, JsonSchema } from './task-context.js';

/** What clients find in the metadata of a question, under the extension's URN. */
export interface InputRequest {
  /** JSON Schema (2020-12 unless it says another) of the answer's data part, or of its text. */
  readonly schema?: JsonSchema;
  /** The schema is another server's: its patterns are for that server to check. */
  readonly foreign?: true;
  /** ISO 8601; afterwards nobody's answer is taken any more. */
  readonly expiresAt?: string;
}

/** Throws TerminalError for options that can't be. */
export function toInputRequest(method: Asks, { schema, foreign, timeoutMs }: InputOptions, now: Date): InputRequest {
  const expiresAt = timeoutMs === undefined ? undefined : new Date(now.getTime() + timeoutMs);
  if (timeoutMs !== undefined && !(timeoutMs > 0 && expiresAt !== undefined && isStorableTime(expiresAt))) {
    throw new TerminalError(`${method}: expected timeoutMs to be a number of milliseconds, got ${timeoutMs}`);
  }
  return {
    ...(schema === undefined ? {} : { schema: toJsonSchema(method, schema, foreign === true) }),
    ...(schema === undefined || foreign !== true ? {} : { foreign: true as const }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
  };
}

/** Throws INVALID_ARGUMENT, naming the place, when the answer doesn't fit the question's schema. */
export function checkAnswer(question: Message | undefined, answer: Message): void {
  const request = question?.metadata?.[INPUT_EXTENSION];
  if (typeof request !== 'object' || request === null || !('schema' in request)) return;
  const isForeign = 'foreign' in request && request.foreign === true;
  const index = answer.parts.findIndex((part) => part.data !== undefined);
  const said = index < 0 ? contentOf(answer.parts).text : answer.parts[index]?.data;
  const flaw = flawOf(said, request.schema as JsonSchema, isForeign);
  if (flaw === undefined) return;
  if (index >= 0) throw invalidArgument(accessTo(`message.parts[${index}].data`, flaw.path), flaw.expected);
  throw invalidArgument('message.parts', flaw.wantsData ? expectedData(request.schema as JsonSchema) : flaw.expected);
}

/** The answer as the agent gets it: its data as the schema has it, parsed by zod if that gave the schema. */
export async function readAnswer(
  given: Message & { readonly question?: string; readonly askedBy?: unknown },
  { schema, foreign }: InputOptions,
): Promise<{ readonly answer: InputAnswer } | { readonly refused: string }> {
  const { question: _, askedBy: __, ...message } = given;
  const content = { ...contentOf(message.parts), message };
  if (schema === undefined) return { answer: { ...content, timedOut: false } };
  const said = content.data === undefined ? content.text : content.data;
  if (!(schema instanceof z.ZodType)) {
    // It was checked when it came, by the schema that the question had then.
    const flaw = flawOf(said, schema, foreign === true);
    return flaw === undefined
      ? { answer: { ...content, data: said, timedOut: false } }
      : { refused: flawInWords(flaw) };
  }
  const parsed = await schema.safeParseAsync(said);
  if (!parsed.success) return { refused: inWords(parsed.error) };
  return { answer: { ...content, data: parsed.data, timedOut: false } };
}

/** What the agent gets when nobody answered the question of that id. Throws UnansweredError without a default. */
export function defaultAnswer(question: string, { timeoutMs, ...rest }: InputOptions): InputAnswer {
  if (!('default' in rest)) throw new UnansweredError(question, `Nobody answered within ${timeoutMs ?? 0} ms.`);
  const { default: value, schema } = rest;
  const parts = partsOf(value);
  const content: Content = contentOf(parts);
  return { ...content, ...(schema === undefined ? {} : { data: value }), timedOut: true };
}

function partsOf(value: unknown): readonly Part[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [{ text: value }] : [{ data: value }];
}

function toJsonSchema(method: Asks, schema: NonNullable<InputOptions['schema']>, isForeign: boolean): JsonSchema {
  if (typeof schema !== 'object' || schema === null) {
    throw new TerminalError(`${method}: expected schema to be a zod type or a JSON Schema, got ${String(schema)}`);
  }
  try {
    const json = schema instanceof z.ZodType ? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) : schema;
    requireUsable(json, isForeign);
    return json;
  } catch (error) {
    throw new TerminalError(`${method}: the schema can't be used: ${messageOf(error)}`);
  }
}
