/** What a test says, to an agent and for others: text, parts as A2A writes them, or anything else as data. */
import { partSchema, type Part } from '../sessions/message.js';

/** Text, parts, or a value that becomes a data part. */
export type Said = string | number | boolean | readonly Part[] | Readonly<Record<string, unknown>>;

export function partsOf(said: unknown): readonly Part[] {
  if (typeof said === 'string') return [{ text: said }];
  return isParts(said) ? said : [{ data: said }];
}

export function isParts(said: unknown): said is readonly Part[] {
  return Array.isArray(said) && said.length > 0 && said.every((part) => partSchema.safeParse(part).success);
}
