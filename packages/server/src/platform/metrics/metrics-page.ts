/** What `/metrics` answers: this process, or all that serve behind one port. */
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Counts, Metrics } from './metrics.js';

/** Version 0.0.4 of Prometheus's text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Asks every process behind the port, this one too; by name. */
export type AskProcesses = () => Promise<ReadonlyMap<string, Counts>>;

export class MetricsPage {
  constructor(
    private readonly metrics: Metrics,
    /** Undefined where this process serves alone. */
    private readonly askAll: AskProcesses | undefined,
  ) {}

  /** Throws UNSUPPORTED_OPERATION where prom-client is not installed. */
  async text(): Promise<string> {
    try {
      const all = this.askAll === undefined ? new Map([['1', await this.metrics.counts()]]) : await this.askAll();
      return await this.metrics.text(all);
    } catch (error) {
      if (!(error instanceof ContinuoError) || error.code !== 'PACKAGE_MISSING') throw error;
      throw new ContinuoError('UNSUPPORTED_OPERATION', error.message);
    }
  }
}
