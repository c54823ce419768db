/** An entry on its way into the journal. */
import type { JournalEntry, Operation } from './journal-entry.js';
import type { ShownAs } from './run.js';
import type { ModelCall } from './usage/model-call.js';

/** What came of an operation. */
export interface Outcome extends Pick<JournalEntry, 'seq' | 'failed' | 'result'> {
  /** How often its work was tried. */
  readonly attempts: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly input?: string | undefined;
  readonly shownAs?: ShownAs | undefined;
  readonly tries?: string | undefined;
}

/** An entry on its way into the journal. */
export interface JournalRow
  extends Omit<JournalEntry, 'ended' | 'label' | 'startedAt'>, Readonly<Record<string, unknown>> {
  readonly task_id: string;
  readonly attempts: number;
  readonly started_at: string;
  readonly ended_at: string | null;
  /** For its trace: what went in, and its attempts that failed, both JSON; and what it is shown as. */
  readonly input?: string | undefined;
  readonly tries?: string | undefined;
  readonly shown_as?: ShownAs | undefined;
  /** The calls of language models that were made in it, as far as they are not recorded yet. */
  readonly spent?: readonly ModelCall[];
}

export function toJournalRow(taskId: string, key: string, operation: Operation, outcome: Outcome): JournalRow {
  return {
    task_id: taskId,
    seq: outcome.seq,
    key,
    branch: operation.branch,
    lineage: operation.lineage,
    kind: operation.kind,
    name: operation.name,
    occurrence: operation.occurrence,
    fingerprint: operation.fingerprint,
    failed: outcome.failed,
    result: outcome.result,
    attempts: outcome.attempts,
    started_at: outcome.startedAt,
    ended_at: outcome.endedAt,
    input: outcome.input,
    tries: outcome.tries,
    shown_as: outcome.shownAs,
  };
}
