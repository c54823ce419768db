/** Sizes as people say them. */

const units = ['kB', 'MB', 'GB', 'TB'] as const;
const STEP = 1_000;

/** `999 bytes`, `1.5 MB`. */
export function bytesInWords(bytes: number): string {
  let [size, unit] = [bytes, 'bytes'];
  for (const next of units) {
    if (size < STEP) break;
    [size, unit] = [size / STEP, next];
  }
  return `${unit === 'bytes' ? size : size.toFixed(1)} ${unit}`;
}
