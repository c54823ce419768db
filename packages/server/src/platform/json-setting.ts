/** JSON in the value of an environment variable. */
import type { z } from 'zod';

/** Throws an Error with `complaint`: JSON.parse's own message would show a piece of the text. */
export function jsonSetting(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(complaint);
  }
}

/** An object as `schema` has it; without a text an empty one. Throws an Error that says what is wrong where. */
export function objectSetting<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const { data, error } = schema.safeParse(text.trim() === '' ? {} : jsonSetting(text, 'it is no JSON'));
  if (error === undefined) return data;
  throw new Error(error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; '));
}
