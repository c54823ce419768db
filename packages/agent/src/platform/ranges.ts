/** Numbers and times from outside have the range of the columns that they get into: what PostgreSQL refuses never gets there. */
import { z } from 'zod';

/** The largest number in a column of type `int`. */
export const MOST_INT = 2_147_483_647;

/** A whole number in JSON, `min` to `max`. */
export function wholeNumber(min = 0, max = MOST_INT) {
  const error = expectedNumber(min, max);
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** The same written as text, in a query. */
export function wholeText(min = 0, max = MOST_INT) {
  return z
    .string({ error: 'expected one value' })
    .refine((value) => /^\d{1,15}$/.test(value) && inRange(Number(value), min, max), {
      error: expectedNumber(min, max),
    });
}

/** How many messages of a task's history are asked for. */
export const historyLength = wholeNumber();

function inRange(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function expectedNumber(min: number, max: number): string {
  return `expected a whole number from ${min} to ${max}`;
}

/** The first that `isStorableTime`, in milliseconds since 1970. */
export const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const EXPECTED_TIME = 'expected a time as 2026-01-31T12:00:00Z, with its offset from UTC, in the years 1 to 9999';

/** Whether JSON and PostgreSQL have words for it: the years 1 to 9999, in UTC. */
export function isStorableTime(date: Date): boolean {
  return date.getTime() >= FIRST_MS && date.getTime() <= LAST_MS;
}

const EXPECTED_DAY = 'expected a day as 2026-01-31, in the years 1 to 9999';
/** A day of ISO 8601, as text. */
export const day = z.iso.date(EXPECTED_DAY).refine((value) => isStorableTime(new Date(value)), { error: EXPECTED_DAY });

/** An ISO 8601 time with its offset from UTC. */
export const time = z.iso.datetime({ offset: true, error: EXPECTED_TIME }).transform((value, context): Date => {
  const date = new Date(value);
  if (isStorableTime(date)) return date;
  context.issues.push({ code: 'custom', input: value, message: EXPECTED_TIME });
  return z.NEVER;
});
