/** Medians and percentiles of measured samples. */

/**
 * @param {readonly number[]} samples
 * @param {number} fraction 0..1; 0.95 is p95
 * @returns {number} the nearest-rank percentile; NaN without samples
 */
export function percentile(samples, fraction) {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(fraction * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** @param {readonly number[]} samples */
export function median(samples) {
  return percentile(samples, 0.5);
}

/** @param {readonly number[]} numbers */
export function sum(numbers) {
  return numbers.reduce((total, value) => total + value, 0);
}
