/** The steps of a task with what went in and what came of them, a page at a time. */
import type { ErrorReport } from '@continuo/agent/internal/runs/error-report.js';
import type { FailedTry } from '@continuo/agent/internal/runs/failed-tries.js';
import type { Hide } from '@continuo/agent/internal/platform/shown.js';
import type { Caller } from '../../platform/caller.js';
import { Cursor } from '../../platform/cursor.js';
import type { Queryable } from '../../platform/database.js';
import type { TaskStep } from '../../tasks/read-steps.js';
import { operationPosition, readStepOperations, type OperationRow } from './operation-page.js';
import { operationNode } from './trace-nodes.js';
import { readTracedTask } from './traced-task.js';

const cursor = new Cursor('steps', operationPosition);

export interface StepWithResult extends TaskStep {
  readonly kind: 'step' | 'tool' | 'remote' | 'sleep' | 'inbox';
  readonly branch: string;
  /** The run of the task in which it was done; null for what older versions recorded. */
  readonly run: number | null;
  /** How often its work was tried. */
  readonly attempts: number;
  /** At most 64 KiB; what is longer is a text that ends with `…`, and `inputTruncated` is true. */
  readonly input: unknown;
  readonly inputTruncated: boolean;
  readonly result: unknown;
  readonly resultTruncated: boolean;
  readonly error: ErrorReport | null;
  /** The attempts that failed, those alike together. */
  readonly tries: readonly FailedTry[];
}

export interface StepPage {
  readonly steps: readonly StepWithResult[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

export interface StepQuery {
  readonly taskId: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** Undefined for what doesn't exist and for what isn't the caller's. Throws INVALID_ARGUMENT for a page token of another list. */
export async function readStepResults(
  database: Queryable,
  caller: Caller,
  { taskId, pageSize, pageToken }: StepQuery,
  { mostBytes, hide }: { readonly mostBytes: number; readonly hide: Hide },
): Promise<StepPage | undefined> {
  const after = pageToken === '' ? undefined : cursor.decode(pageToken);
  const task = await readTracedTask(database, caller, taskId);
  if (task === undefined) return undefined;
  const query = { taskId, after, mostRows: pageSize, mostBytes };
  const { rows, next } = await readStepOperations(database, query, task.origin);
  return {
    steps: rows.map((row) => toStep(row, hide)),
    nextPageToken: next === undefined ? '' : cursor.encode(next),
  };
}

function toStep(row: OperationRow, hide: Hide): StepWithResult {
  const none = new Map<never, never>();
  const beside = { models: none, children: none, answers: none, goesOn: true, origin: row.origin, hide };
  const { kind, name, branch, run, startedAt, endedAt, attempts, tries, error, ...texts } = operationNode(row, beside);
  const { input, inputTruncated, result, resultTruncated } = texts;
  const shown = { input, inputTruncated, result, resultTruncated, error, tries };
  const what = kind as StepWithResult['kind'];
  return { number: row.seq, name, failed: row.failed, startedAt, endedAt, kind: what, branch, run, attempts, ...shown };
}
