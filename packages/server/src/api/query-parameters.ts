/** The query parameters that lists share. An empty parameter counts as absent, unknown ones are ignored. */
import { z } from 'zod';
import { MOST_INT, wholeText } from '@continuo/agent/internal/platform/ranges.js';

const MAX_Q_CHARACTERS = 400;

/** A parameter given once. */
export const text = z
  .string({ error: 'expected one value' })
  .optional()
  .transform((value) => (value === '' ? undefined : value));

/** A whole number from `min` to `max`; `fallback` without one. */
export function whole<Fallback extends number | undefined>(min: number, max: number, fallback: Fallback) {
  return text
    .pipe(wholeText(min, max).optional())
    .transform((value) => (value === undefined ? fallback : Number(value)));
}

/** One of `values`; `fallback` without one. */
export function choice<const Value extends string>(values: readonly [Value, ...Value[]], fallback: NoInfer<Value>) {
  return z.preprocess(
    (value) => (value === undefined || value === '' ? fallback : value),
    z.enum(values, { error: `expected one of ${values.join(', ')}` }),
  );
}

/** `true` or `false`. */
export function flag(fallback: boolean) {
  return choice(['true', 'false'], fallback ? 'true' : 'false').transform((value) => value === 'true');
}

/** `true` or `false`; undefined without it. */
export const flagIfGiven = text
  .pipe(z.enum(['true', 'false'], { error: 'expected one of true, false' }).optional())
  .transform((value) => (value === undefined ? undefined : value === 'true'));

export const search = text.refine((value) => value === undefined || value.length <= MAX_Q_CHARACTERS, {
  error: `expected at most ${MAX_Q_CHARACTERS} characters`,
});

export const paging = {
  pageSize: whole(1, 100, 50),
  pageToken: text.transform((value) => value ?? ''),
};

export const historyLength = whole(0, MOST_INT, undefined);

/** The place of something in a list, from 0. */
export const index = whole(0, MOST_INT, undefined);
