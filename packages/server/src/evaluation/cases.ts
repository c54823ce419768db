/** The cases of an evaluation: what an agent is asked, and what is expected of it. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import { partSchema, type Part } from '@continuo/agent/internal/sessions/message.js';
import { EvaluationFailedError } from './evaluation-failed.js';

/** What an agent is asked, and what is expected of it. */
export interface EvaluationCase {
  /** By which reports are compared. Default: `case-1`, `case-2`, … by its place. */
  readonly id?: string | undefined;
  /** A text, or the parts of a message as A2A 1.0 has them. */
  readonly input: string | readonly Part[];
  /** Whatever the scorers make of it: a text, a list of texts, a value. */
  readonly expected?: unknown;
}

export interface NamedCase extends EvaluationCase {
  readonly id: string;
}

const caseSchema = z.strictObject({
  id: z.string().min(1).max(200).optional(),
  input: z
    .union([z.string(), z.array(partSchema)], { error: 'expected a text, or a list of parts' })
    .refine(({ length }) => length > 0, 'expected a text, or a list of parts'),
  expected: z.unknown().optional(),
});

/**
 * A JSON array of cases, or JSONL with one in each line. Throws EvaluationFailedError, which names the file, the place and
 * the field.
 */
export function readCases(path: string): readonly EvaluationCase[] {
  const name = basename(path);
  const text = attempt(() => readFileSync(path, 'utf8'), `${name} can't be read`);
  const isArray = text.trimStart().startsWith('[');
  const lines = isArray
    ? []
    : text.split('\n').map((line, index) => [line.trim(), `${name}, line ${index + 1}`] as const);
  const items = isArray
    ? attempt(() => JSON.parse(text.trim()) as unknown[], `${name} is no JSON`).map(
        (item, index) => [item, `${name}[${index}]`] as const,
      )
    : lines
        .filter(([line]) => line !== '')
        .map(([line, place]) => [attempt(() => JSON.parse(line) as unknown, `${place} is no JSON`), place] as const);
  return items.map(([item, place]) => checked(item, place));
}

/** Each with an id of its own. Throws EvaluationFailedError. */
export function namedCases(cases: readonly EvaluationCase[]): readonly NamedCase[] {
  const named = cases.map((given, index) => {
    const one = checked(given, `cases[${index}]`);
    return { ...one, id: one.id ?? `case-${index + 1}` };
  });
  if (named.length === 0) throw new EvaluationFailedError('There are no cases.');
  const ids = named.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new EvaluationFailedError(`Two cases have the id "${twice}".`);
  return named;
}

function checked(item: unknown, place: string): EvaluationCase {
  const { data, error } = caseSchema.safeParse(item);
  if (data !== undefined) return data;
  const { path, message } = error.issues[0] ?? { path: [], message: 'expected a case' };
  throw new EvaluationFailedError(`${[place, ...path.map(String)].join('.')}: ${message}`);
}

function attempt<Result>(work: () => Result, what: string): Result {
  try {
    return work();
  } catch (error) {
    throw new EvaluationFailedError(`${what}: ${messageOf(error)}`, { cause: error });
  }
}
