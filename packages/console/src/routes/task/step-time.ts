/** How long a step of a task took. */

interface Timed {
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Milliseconds; undefined where one of the times isn't known. */
export function stepTookMs({ startedAt, endedAt }: Timed): number | undefined {
  return startedAt === null || endedAt === null ? undefined : Date.parse(endedAt) - Date.parse(startedAt);
}
