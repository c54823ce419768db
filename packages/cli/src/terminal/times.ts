/** Times as people say them. */

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
];

/** `3m ago`, `in 2h`; empty for what is no time. */
export function ago(iso: string | null | undefined, now = new Date()): string {
  const then = Date.parse(iso ?? '');
  if (Number.isNaN(then)) return '';
  const seconds = Math.round((now.getTime() - then) / 1_000);
  const length = span(Math.abs(seconds));
  return seconds < 0 ? `in ${length}` : `${length} ago`;
}

/** `45s`, `3m`, `2h`, `5d`. */
export function span(seconds: number): string {
  for (const [unit, size] of units) if (seconds >= size) return `${Math.floor(seconds / size)}${unit}`;
  return `${Math.floor(seconds)}s`;
}

/** `12 ms`, `3.4 s`, and as `span` beyond a minute. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : span(ms / 1_000);
}
