/** The query parameters that lists share, and how the API's document describes them. An empty parameter counts as absent, unknown ones are ignored. */
import { z } from 'zod';
import { MOST_INT, time, wholeText } from '@continuo/agent/internal/platform/ranges.js';

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
    .transform((value) => (value === undefined ? fallback : Number(value)))
    .meta({
      parameter: {
        type: 'integer',
        minimum: min,
        maximum: max,
        ...(fallback === undefined ? {} : { default: fallback }),
      },
    });
}

/** One of `values`; `fallback` without one. */
export function choice<const Value extends string>(values: readonly [Value, ...Value[]], fallback: NoInfer<Value>) {
  return z
    .preprocess(
      (value) => (value === undefined || value === '' ? fallback : value),
      z.enum(values, { error: `expected one of ${values.join(', ')}` }),
    )
    .meta({ parameter: { type: 'string', enum: [...values], default: fallback } });
}

/** One of `values`; undefined without one. */
export function choiceIfGiven<const Value extends string>(values: readonly [Value, ...Value[]]) {
  return text
    .pipe(z.enum(values, { error: `expected one of ${values.join(', ')}` }).optional())
    .meta({ parameter: { type: 'string', enum: [...values] } });
}

/** `true` or `false`. */
export function flag(fallback: boolean) {
  return z
    .preprocess(
      (value) => (value === undefined || value === '' ? String(fallback) : value),
      z.enum(['true', 'false'], { error: 'expected one of true, false' }),
    )
    .transform((value) => value === 'true')
    .meta({ parameter: { type: 'boolean', default: fallback } });
}

/** `true` or `false`; undefined without it. */
export const flagIfGiven = text
  .pipe(z.enum(['true', 'false'], { error: 'expected one of true, false' }).optional())
  .transform((value) => (value === undefined ? undefined : value === 'true'))
  .meta({ parameter: { type: 'boolean' } });

export const search = text
  .refine((value) => value === undefined || value.length <= MAX_Q_CHARACTERS, {
    error: `expected at most ${MAX_Q_CHARACTERS} characters`,
  })
  .meta({ parameter: { type: 'string', maxLength: MAX_Q_CHARACTERS }, description: 'Words to search for.' });

export const paging = {
  pageSize: whole(1, 100, 50).describe('How many a page has at most.'),
  pageToken: text
    .transform((value) => value ?? '')
    .describe('`nextPageToken` of the page before; without it, the first page.'),
};

export const historyLength = whole(0, MOST_INT, undefined).describe(
  'How many messages of the history come along, the newest. Default: all of them for one task, none in lists.',
);

/** An ISO 8601 time; undefined without one. */
export const moment = text.pipe(time.optional()).meta({ parameter: { type: 'string', format: 'date-time' } });

/** The place of something in a list, from 0. */
export const index = whole(0, MOST_INT, undefined);
