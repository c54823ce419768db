/** How a task failed, on its way into the database with the task's end: for its trace, and to be counted among its like. */
import { causeOf } from '../platform/errors.js';
import type { Hide } from '../platform/shown.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import { fingerprintOf, firstOwn, reportOf, type ErrorReport } from './error-report.js';
import { StepFailedError } from './run.js';

/** What is stored of a failure. */
export interface FailureRow {
  readonly agent: string;
  /** ISO 8601. */
  readonly at: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly message: string;
  /** `file:line` of the first own frame. */
  readonly place: string | null;
  /** The step that failed for good. */
  readonly step: string | null;
  readonly report: ErrorReport;
}

type Row = Readonly<Record<string, unknown>> & { readonly task_id: string; readonly failure: FailureRow };

/** A row for the companion of the log. Of a step that failed, what it threw last is the failure. */
export function toFailureRow(
  { id, agent }: Pick<ClaimedTask, 'id' | 'agent'>,
  error: unknown,
  at: Date,
  hide: Hide,
): Row {
  const step = error instanceof StepFailedError ? error.step : null;
  const report = reportOf((step === null ? undefined : causeOf(error)) ?? error, hide);
  const place = firstOwn([report, ...report.causes]);
  const failure = {
    agent,
    at: at.toISOString(),
    fingerprint: fingerprintOf(JSON.stringify([agent, step]), report),
    name: report.name,
    message: report.message,
    place: place === undefined ? null : `${place.file}:${place.line}`,
    step,
    report,
  };
  return { task_id: id, failure };
}
