/** Counts what runs have recorded in the journal: steps, their tries, and the calls of language models made in them. */
import type { JournalRow } from '@continuo/agent/internal/runs/journal-row.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import { countCalls } from './usage/usage-metrics.js';

type CountedRow = Pick<JournalRow, 'kind' | 'failed' | 'attempts' | 'started_at' | 'ended_at' | 'spent'>;

/** For rows of the journal of a task of `agent`. */
export function journalMetrics(metrics: Metrics): (agent: string, rows: readonly object[]) => void {
  const { steps, stepTries, stepDuration } = metrics.record;
  const count = (agent: string, row: CountedRow): void => {
    if (row.spent !== undefined) countCalls(metrics, row.spent);
    if (row.kind !== 'step' || row.ended_at === null) return;
    steps({ agent, outcome: row.failed ? 'failed' : 'completed' });
    if (row.attempts > 1) stepTries({ agent }, row.attempts - 1);
    stepDuration({ agent }, Math.max(0, Date.parse(row.ended_at) - Date.parse(row.started_at)) / 1_000);
  };
  return (agent, rows) => {
    // The log hands on what runs/ has given it.
    for (const row of rows) count(agent, row as CountedRow);
  };
}
