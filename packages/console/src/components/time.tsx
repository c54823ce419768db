/** Times as people read them, which stay true while the page is open. */
import { useEffect, useState } from 'react';
import { dateText, fixed } from '../formats.js';
import { texts } from '../texts.js';

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** `8 ms`, `3 min`, `2 h`; the largest unit alone. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms / 1_000);
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 10) return `${fixed(seconds, 1)} s`;
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** `1 min 39 s`, `2 h 5 min`: a second unit where one alone says little. */
export function exactDuration(ms: number): string {
  if (ms < 60_000 || ms >= 86_400_000) return duration(ms);
  const [size, smaller, unit] = ms < 3_600_000 ? [60_000, 1_000, 's'] : [3_600_000, 60_000, 'min'];
  const rest = Math.floor((ms % size) / smaller);
  return rest === 0 ? duration(ms) : `${duration(ms)} ${rest} ${unit}`;
}

/** How long ago, and when exactly for whoever asks. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow();
  const then = new Date(at);
  const past = now - then.getTime();
  return (
    <time dateTime={at} title={dateText(then)}>
      {past < 10_000 ? texts.common.now : texts.common.ago(duration(past))}
    </time>
  );
}

/** How long it is ago, without saying so. */
export function Age({ at }: { readonly at: Date }) {
  const age = useNow() - at.getTime();
  return (
    <time dateTime={at.toISOString()} title={dateText(at)}>
      {age < 10_000 ? texts.common.now : duration(age)}
    </time>
  );
}

export function At({ at }: { readonly at: string | Date }) {
  const then = new Date(at);
  return <time dateTime={then.toISOString()}>{dayAndTime(then)}</time>;
}

export function dayAndTime(at: Date, timeStyle: 'medium' | 'short' = 'medium'): string {
  return dateText(at, { dateStyle: 'medium', timeStyle });
}

/** The time of day, to the thousandth of a second. */
export function clock(at: string): string {
  const format = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  } as const;
  return dateText(new Date(at), format);
}

/** For what is of today, or where the day is known. */
export function TimeOfDay({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={dateText(new Date(at))}>
      {timeOf(at)}
    </time>
  );
}

/** The time of day, to the minute. */
export function timeOf(at: string): string {
  return dateText(new Date(at), { timeStyle: 'short' });
}

/** For what is far enough away that the hour does not matter. */
export function Day({ at }: { readonly at: string }) {
  return <time dateTime={at}>{dateText(new Date(at), { dateStyle: 'medium' })}</time>;
}

/** Milliseconds since 1970, every ten seconds anew. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, Date.now());
}
