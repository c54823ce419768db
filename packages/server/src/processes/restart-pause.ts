/** How long a supervisor waits before it starts a worker again that has died. */

const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** Milliseconds before the next start, after so many starts in a row that came to nothing: the first loses no time. */
export function restartPause(failures: number): number {
  return failures <= 1 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 2));
}
