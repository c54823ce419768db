/** Months and days as texts of ISO 8601 (`2027-03`, `2027-03-01`), wherever the reader is. */
import { dateText } from '../../formats.js';
const DAYS = 7;
const MONDAY = 1;

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function monthsFrom(month: string, by: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
}

/** Weeks of seven days, from Monday, that have a day of the month. */
export function weeksOf(month: string): readonly (readonly string[])[] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const lead = (first.getUTCDay() - MONDAY + DAYS) % DAYS;
  const days = (Date.parse(`${monthsFrom(month, 1)}-01T00:00:00Z`) - first.getTime()) / 86_400_000;
  const weeks = Math.ceil((lead + days) / DAYS);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: DAYS }, (__, day) => {
      const date = new Date(first);
      date.setUTCDate(1 - lead + week * DAYS + day);
      return date.toISOString().slice(0, 10);
    }),
  );
}

/** From Monday. */
export function weekdayNames(): readonly string[] {
  // 2024-01-01 was one.
  return Array.from({ length: DAYS }, (_, day) => asText(new Date(Date.UTC(2024, 0, 1 + day)), { weekday: 'short' }));
}

export function monthName(month: string): string {
  return asText(new Date(`${month}-01T00:00:00Z`), { month: 'long', year: 'numeric' });
}

export function dayName(day: string): string {
  return asText(new Date(`${day}T00:00:00Z`), { weekday: 'short', day: 'numeric', month: 'short' });
}

function asText(date: Date, options: Intl.DateTimeFormatOptions): string {
  return dateText(date, { ...options, timeZone: 'UTC' });
}
