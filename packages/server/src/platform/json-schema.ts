/** JSON Schema of zod's types, for those who can't read zod. */
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Cards and lists of tools ask for the same types with each request. */
const made = { input: new WeakMap<z.ZodType, JsonSchema>(), output: new WeakMap<z.ZodType, JsonSchema>() };

/** Of 2020-12, without saying so. What JSON Schema has no word for may be anything. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const known = made[io].get(schema);
  if (known !== undefined) return known;
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  made[io].set(schema, json);
  return json;
}

/** Whether what takes this can be talked to: it takes texts, or anything. */
export function takesText(json: JsonSchema): boolean {
  return json['type'] === 'string' || Object.keys(json).length === 0;
}
