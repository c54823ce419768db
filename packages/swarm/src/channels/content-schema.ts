/** The schema of what a piece is made of, for models and for people who write it. */
import { z } from 'zod';
import type { Content, Shape } from './shape.js';

/** The schema of the content. Limits are told, not checked: a content that breaks them is sent back with the reasons. */
export function schemaOf(shape: Shape): z.ZodType<Content> {
  if (shape.kind === 'text') return z.string().describe(`at most ${shape.max} characters`);
  if (shape.kind === 'list') return z.array(schemaOf(shape.of)).describe(`${shape.min} to ${shape.max} of them`);
  return z.object(Object.fromEntries(Object.entries(shape.fields).map(([name, of]) => [name, schemaOf(of)])));
}
