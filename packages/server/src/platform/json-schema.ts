/** JSON Schema of zod's types, for those who can't read zod. */
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Of 2020-12, without saying so. What JSON Schema has no word for may be anything. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}
