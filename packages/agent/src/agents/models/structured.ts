/** Answers in a form that a zod schema gives: what the model is told of it, and the check of what it said. */
import { z } from 'zod';
import type { JsonSchema } from '../task-context.js';

const FENCE = '```';
const OPENING = /^```(?:json)?\s*\n/;

export function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
}

/** Said in words as well: not every provider hands the schema on to its model. */
export function formOf(schema: JsonSchema): string {
  return `# The form of your answer\nAnswer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;
}

/** The answer, parsed by zod; or why it isn't one, in words for the model and for people. */
export async function readStructured<Value>(
  text: string,
  schema: z.ZodType<Value>,
): Promise<{ readonly value: Value } | { readonly problem: string }> {
  let json: unknown;
  try {
    json = JSON.parse(unfenced(text.trim()));
  } catch {
    return { problem: 'It is not JSON.' };
  }
  const parsed = await schema.safeParseAsync(json);
  return parsed.success ? { value: parsed.data } : { problem: z.prettifyError(parsed.error) };
}

/** What models put around JSON, by habit, is taken off. */
function unfenced(text: string): string {
  const opening = OPENING.exec(text)?.[0].length ?? 0;
  const isFenced = opening > 0 && text.endsWith(FENCE) && text.length >= opening + FENCE.length;
  return isFenced ? text.slice(opening, -FENCE.length) : text;
}
