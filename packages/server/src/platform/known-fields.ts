/** Objects that have some fields and no others: whoever misspells one is told so, before anything is done. */
import { z } from 'zod';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { pathOf } from '@continuo/agent/internal/platform/parse.js';

/** What a request's body may have. `parse` refuses any other field by its name, with the names of these. */
export function onlyFields<Shape extends z.core.$ZodShape>(shape: Shape) {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? `expected ${oneOf(names)}` : undefined),
  });
}

/**
 * The same for options that hold what is no JSON, as signals. Throws INVALID_ARGUMENT for the first field of `given` that
 * isn't among the names of `known`.
 */
export function requireKnown<Given extends object>(
  given: Given,
  known: Readonly<Record<keyof Required<Given>, true>>,
): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw invalidArgument(pathOf('', [unknown]), oneOf(Object.keys(known)));
}

function oneOf(names: readonly string[]): string {
  return names.length === 1 ? `no field but ${names.join()}` : `one of the fields ${names.join(', ')}`;
}
