/** Puts a task's trace together, a page at a time, from what its runs have recorded. */
import { z } from 'zod';
import { asItIs, type Hide } from '@continuo/agent/internal/platform/shown.js';
import type { ErrorReport } from '@continuo/agent/internal/runs/error-report.js';
import { isTerminal } from '@continuo/agent/internal/tasks/task-state.js';
import { toUsage } from '@continuo/agent/internal/tasks/usage.js';
import type { Caller } from '../../platform/caller.js';
import { Cursor } from '../../platform/cursor.js';
import type { Queryable } from '../../platform/database.js';
import { readAnswers, readChildren, readModelCalls, readModelCallsBeside, type ModelCallRow } from './called-tasks.js';
import { operationPosition, readOperations, type OperationRow } from './operation-page.js';
import { grouped } from './grouped.js';
import { modelNode, operationNode, toTree, type Beside } from './trace-nodes.js';
import { hiddenIn } from './shown-value.js';
import type { TaskTrace, TracedChild, TracedRun, TraceNode } from './trace.js';
import { errorOf, readFailures, readRuns, readTracedTask, type TracedTask } from './traced-task.js';

export interface TraceQuery {
  readonly taskId: string;
  /** Operations of a page at most, those of children included. */
  readonly pageSize: number;
  readonly pageToken: string;
  /** How many calls deep it goes: 0 names the children alone. */
  readonly depth: number;
}

/** The last operation of the page before, and the last run that it showed. */
const cursor = new Cursor('trace', z.tuple([operationPosition, z.int()]));

/** What one answer has room for. */
interface Room {
  rows: number;
  bytes: number;
}

/** About the bytes of a child without its trace. */
const OF_A_CHILD = 1_000;

/** Undefined for what doesn't exist and for what isn't the caller's. Throws INVALID_ARGUMENT for a page token of another list. */
export async function readTrace(
  database: Queryable,
  caller: Caller,
  { taskId, pageSize, pageToken, depth }: TraceQuery,
  { mostBytes, hide = asItIs }: { readonly mostBytes: number; readonly hide?: Hide },
): Promise<TaskTrace | undefined> {
  const room = { rows: pageSize, bytes: mostBytes };
  return new TraceReader(database, caller, hide, room).read(taskId, pageToken, depth);
}

class TraceReader {
  constructor(
    private readonly database: Queryable,
    private readonly caller: Caller,
    private readonly hide: Hide,
    /** Shrinks with all that is read. */
    private readonly room: Room,
  ) {}

  async read(taskId: string, pageToken: string, depth: number): Promise<TaskTrace | undefined> {
    const { database } = this;
    const [after, firstRun] = pageToken === '' ? [undefined, 1] : cursor.decode(pageToken);
    const task = await readTracedTask(database, this.caller, taskId);
    if (task === undefined) return undefined;
    const { rows: mostRows, bytes: mostBytes } = this.room;
    const { rows, next } = await readOperations(database, { taskId, after, mostRows, mostBytes });
    const lastRun = next === undefined ? null : rows.reduce((last, { run }) => Math.max(last, run ?? 0), firstRun);
    const failures = await readFailures(database, taskId);
    const runs = await readRuns(database, task, firstRun, lastRun);
    const beside = next === undefined ? await readModelCallsBeside(database, taskId, mostBytes) : [];
    const nodes = await this.#nodes(task, rows, beside);
    this.#take(rows.length + beside.length + 1, Buffer.byteLength(JSON.stringify([nodes, runs, [...failures]])));
    const deep = depth > 0 ? await this.#deeper(nodes, depth - 1) : nodes;
    return {
      taskId,
      agent: task.agent,
      contextId: task.context_id,
      parentTaskId: task.parent_id,
      rootTaskId: task.root_id,
      state: task.state,
      held: task.held,
      attempt: task.attempt,
      createdAt: task.created_at.toISOString(),
      endedAt: isTerminal(task.state) ? task.status_at.toISOString() : null,
      usage: task.usage === null ? null : toUsage(task.usage),
      error: hidden(errorOf(task, failures), this.hide),
      runs: inRuns(deep, runs, (run) => hidden(errorIn(run, task, failures), this.hide)),
      nextPageToken: next === undefined || lastRun === null ? '' : cursor.encode([next, lastRun]),
    };
  }

  async #nodes(
    task: TracedTask,
    rows: readonly OperationRow[],
    beside: readonly ModelCallRow[],
  ): Promise<readonly TraceNode[]> {
    const { database, hide } = this;
    const keysOf = (kind: string): readonly string[] => rows.filter((row) => row.kind === kind).map(({ key }) => key);
    const [models, children, answers] = await Promise.all([
      readModelCalls(database, task.id, keysOf('step'), this.room.bytes),
      readChildren(database, task.id, keysOf('call')),
      readAnswers(database, task.id, keysOf('question')),
    ]);
    const goesOn = !isTerminal(task.state);
    const about: Beside = { models: byOperation(rows, models), children, answers, goesOn, origin: task.origin, hide };
    return [
      ...rows.map((row) => operationNode(row, about)),
      ...beside.map((call) => modelNode(call, null, null, hide)),
    ];
  }

  /** Counts what was read: the rest is for children. */
  #take(rows: number, bytes: number): void {
    this.room.rows = Math.max(0, this.room.rows - rows);
    this.room.bytes = Math.max(0, this.room.bytes - bytes);
  }

  async #deeper(nodes: readonly TraceNode[], depth: number): Promise<readonly TraceNode[]> {
    const deep: TraceNode[] = [];
    // One after the other, as each takes of the same room.
    for (const node of nodes) {
      deep.push(node.child === null ? node : { ...node, child: await this.#withTrace(node.child, depth) });
    }
    return deep;
  }

  async #withTrace(child: TracedChild, depth: number): Promise<TracedChild> {
    if (this.room.rows === 0 || this.room.bytes < OF_A_CHILD) return child;
    this.room.bytes -= OF_A_CHILD;
    return { ...child, trace: (await this.read(child.taskId, '', depth)) ?? null };
  }
}

/**
 * The calls of each operation. A step that failed and that of the retry have the same key: a call belongs to the first that
 * ended behind it.
 */
function byOperation(
  rows: readonly OperationRow[],
  calls: readonly ModelCallRow[],
): ReadonlyMap<OperationRow, readonly ModelCallRow[]> {
  const byKey = grouped(rows, ({ key }) => key);
  return grouped(calls, (call) => {
    const all = byKey.get(call.step ?? '') ?? [];
    return all.find(({ ended_at: end }) => end !== null && end >= call.at) ?? all.at(-1);
  });
}

/** Each node below its run; what older versions recorded below the run that went on when it began. */
function inRuns(
  nodes: readonly TraceNode[],
  runs: readonly Omit<TracedRun, 'error' | 'nodes'>[],
  errorOfRun: (run: Omit<TracedRun, 'error' | 'nodes'>) => ErrorReport | null,
): readonly TracedRun[] {
  const byNumber = new Map(runs.map((run) => [run.number, [] as TraceNode[]]));
  const [first] = runs;
  for (const node of nodes) {
    const began = node.startedAt ?? node.endedAt ?? '';
    const at = runs.findLast(({ startedAt }) => startedAt === null || startedAt <= began) ?? first;
    const own = node.run === null ? undefined : byNumber.get(node.run);
    (own ?? (at === undefined ? undefined : byNumber.get(at.number)))?.push(node);
  }
  return runs.map((run) => ({ ...run, error: errorOfRun(run), nodes: toTree(byNumber.get(run.number) ?? []) }));
}

/** Of the run in which an attempt failed. */
function errorIn(
  { number, attempt, ending }: Pick<TracedRun, 'number' | 'attempt' | 'ending'>,
  task: TracedTask,
  failures: ReadonlyMap<number, ErrorReport>,
): ErrorReport | null {
  if (ending !== 'FAILED') return null;
  return number > task.earlier_runs ? errorOf(task, failures) : (failures.get(attempt) ?? null);
}

function hidden<Value>(value: Value, hide: Hide): Value {
  return hiddenIn(JSON.stringify(value), hide);
}
