/** The attempts of a step that failed, those that failed alike together. */
import { fingerprintOf, reportOf, type ErrorReport } from './error-report.js';
import { asItIs, MOST_SHOWN_BYTES, type Hide } from '../platform/shown.js';

/** How one or more attempts failed. */
export interface FailedTry {
  readonly error: ErrorReport;
  readonly count: number;
  /** When the first and the last of them failed; ISO 8601. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Different ways to fail that are kept of one step: the first ones. */
const MOST_KINDS = 10;

export class FailedTries {
  readonly #byFingerprint = new Map<string, FailedTry>();

  constructor(private readonly hide: Hide = asItIs) {}

  add(error: unknown, at: Date): void {
    const report = reportOf(error, this.hide);
    const fingerprint = fingerprintOf('', report);
    const before = this.#byFingerprint.get(fingerprint);
    const lastAt = at.toISOString();
    if (before !== undefined) {
      this.#byFingerprint.set(fingerprint, { ...before, count: before.count + 1, lastAt });
    } else if (this.#byFingerprint.size < MOST_KINDS) {
      this.#byFingerprint.set(fingerprint, { error: report, count: 1, firstAt: lastAt, lastAt });
    }
  }

  /** JSON, as the journal keeps it; undefined where none failed. Where there is no room for all, stacks and causes are left out. */
  recorded(): string | undefined {
    if (this.#byFingerprint.size === 0) return undefined;
    const all = [...this.#byFingerprint.values()];
    const text = JSON.stringify(all);
    if (text.length <= MOST_SHOWN_BYTES) return text;
    return JSON.stringify(all.map((one) => ({ ...one, error: { ...one.error, stack: [], causes: [] } })));
  }
}
