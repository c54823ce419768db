/** Makes one tree of all that is known: a task, its runs, what they did, and the tasks that these called. */
import type { TaskTrace, TraceNode } from '@continuo/client';
import { hasEnded } from '@continuo/client/facts';
import type { ReadTrace, Traces } from './trace-store.js';

export type TracedRun = TaskTrace['runs'][number];
export type SpanKind = 'task' | 'run' | TraceNode['kind'];
export type SpanState = TraceNode['state'] | 'running';

/** A stretch of a span in which something worked. */
export interface Stretch {
  readonly from: number;
  /** Undefined while it goes on. */
  readonly to: number | undefined;
  readonly failed: boolean;
}

/** Something that takes time. Times are milliseconds since 1970. */
export interface Span {
  /** Finds it again: the ids from the root's down, separated by `/`. */
  readonly key: string;
  readonly taskId: string;
  readonly kind: SpanKind;
  readonly name: string;
  readonly state: SpanState;
  readonly from: number | undefined;
  /** Undefined while it goes on, and for what never ended. */
  readonly to: number | undefined;
  /** When its runs worked; empty where that isn't known. */
  readonly worked: readonly Stretch[];
  readonly spans: readonly Span[];
  readonly node: TraceNode | undefined;
  readonly run: TracedRun | undefined;
  /** What is known of the task that it is, or that it called. */
  readonly trace: TaskTrace | undefined;
  /** How far that has been read; undefined for what is no task. */
  readonly read: ReadTrace | undefined;
}

export const ROOT = 'task';

/** Whether time still passes in it. */
export function goesOn({ state }: Pick<Span, 'state'>): boolean {
  return state === 'running' || state === 'waiting';
}

/** Undefined before the root's first page has come. */
export function toSpans(rootId: string, traces: Traces): Span | undefined {
  const trace = traces.get(rootId)?.pages.at(-1);
  return trace === undefined ? undefined : { ...taskSpan(trace, '', traces), key: ROOT };
}

function taskSpan(trace: TaskTrace, prefix: string, traces: Traces): Span {
  const read = traces.get(trace.taskId);
  const runs = runsOf(read?.pages ?? []);
  const under = nodesByRun(read?.pages ?? []);
  const spans = runs.map((run) =>
    runSpan(run, trace.taskId, prefix, nodesOf(under, run.number, trace, prefix, traces)),
  );
  const [only, ...more] = spans;
  return {
    key: prefix,
    taskId: trace.taskId,
    kind: 'task',
    name: trace.agent,
    state: stateOfTask(trace.state, trace.held),
    from: timeOf(trace.createdAt),
    to: timeOf(trace.endedAt),
    worked: spans.flatMap(({ from, to, state }) =>
      from === undefined ? [] : [{ from, to: to ?? timeOf(trace.endedAt), failed: state === 'failed' }],
    ),
    // One run says nothing that its task doesn't say.
    spans: more.length === 0 ? (only?.spans ?? []) : spans,
    node: undefined,
    run: more.length === 0 ? only?.run : undefined,
    trace,
    read,
  };
}

function stateOfTask(state: TaskTrace['state'], held = false): SpanState {
  if (state === 'FAILED' || state === 'REJECTED') return 'failed';
  if (state === 'COMPLETED') return 'done';
  if (state === 'CANCELED') return 'abandoned';
  return state === 'WORKING' && !held ? 'running' : 'waiting';
}

/** What later pages say of a run counts. */
function runsOf(pages: readonly TaskTrace[]): readonly TracedRun[] {
  const byNumber = new Map<number, TracedRun>();
  for (const { runs } of pages) for (const run of runs) byNumber.set(run.number, run);
  return [...byNumber.values()].toSorted((a, b) => a.number - b.number);
}

function runSpan(run: TracedRun, taskId: string, prefix: string, spans: readonly Span[]): Span {
  const from = timeOf(run.startedAt);
  const to = timeOf(run.endedAt);
  const failed = run.ending === 'FAILED' || run.ending === 'REJECTED' || run.ending === 'lost' || run.error !== null;
  return {
    key: `${prefix}run-${run.number}`,
    taskId,
    kind: 'run',
    name: String(run.number),
    state: run.ending === null ? 'running' : failed ? 'failed' : 'done',
    from,
    to,
    worked: from === undefined ? [] : [{ from, to, failed }],
    spans,
    node: undefined,
    run,
    trace: undefined,
    read: undefined,
  };
}

/** Nodes of all pages, each once, below what they belong to: a page may end between a step and what was done inside of it. */
interface Placed {
  readonly all: ReadonlyMap<string, TraceNode>;
  /** By the id of the step or branch that they are in. */
  readonly inside: ReadonlyMap<string, ReadonlySet<string>>;
  readonly byRun: ReadonlyMap<number, ReadonlySet<string>>;
}

function nodesByRun(pages: readonly TaskTrace[]): Placed {
  const all = new Map<string, TraceNode>();
  const inside = new Map<string, Set<string>>();
  const byRun = new Map<number, Set<string>>();
  const place = (node: TraceNode, run: number, container: string | undefined): void => {
    // Later runs come back to the same branch.
    const id = node.kind === 'branch' ? `${node.id} ${run}` : node.id;
    const before = all.get(id);
    all.set(id, before === undefined || node.kind !== 'branch' ? node : wider(before, node));
    const parent = node.parentId ?? container;
    if (parent === undefined || (node.parentId !== null && container === undefined && !all.has(node.parentId))) {
      add(byRun, run, id);
    } else {
      add(inside, parent, id);
    }
    for (const child of node.nodes) place(child, run, id);
  };
  for (const { runs } of pages)
    for (const { number, nodes } of runs) for (const node of nodes) place(node, number, undefined);
  return { all, inside, byRun };
}

function add<Key>(to: Map<Key, Set<string>>, key: Key, id: string): void {
  const known = to.get(key);
  if (known === undefined) to.set(key, new Set([id]));
  else known.add(id);
}

/** A branch that two pages tell of. */
function wider(one: TraceNode, other: TraceNode): TraceNode {
  const [startedAt = null] = inOrder(one.startedAt, other.startedAt);
  // It goes on as long as one of them does.
  const [, endedAt = null] = inOrder(one.endedAt, other.endedAt);
  return { ...other, startedAt, endedAt, state: one.state === 'failed' ? 'failed' : other.state };
}

/** Those that are known. */
function inOrder(...times: readonly (string | null)[]): readonly string[] {
  return times.filter((time) => time !== null).toSorted();
}

function nodesOf(placed: Placed, run: number, trace: TaskTrace, prefix: string, traces: Traces): readonly Span[] {
  const toSpan = (id: string): readonly Span[] => {
    const node = placed.all.get(id);
    if (node === undefined) return [];
    const key = `${prefix}${encodeURIComponent(id)}`;
    const own = [...(placed.inside.get(id) ?? [])].flatMap(toSpan);
    return [nodeSpan(node, key, own, trace, traces)];
  };
  return [...(placed.byRun.get(run) ?? [])].flatMap(toSpan);
}

function nodeSpan(node: TraceNode, key: string, own: readonly Span[], trace: TaskTrace, traces: Traces): Span {
  const { child } = node;
  const called = child === null ? undefined : traces.get(child.taskId);
  const below = called?.pages.at(-1);
  const inner = below === undefined ? undefined : taskSpan(below, `${key}/`, traces);
  const state =
    child !== null && child.state !== null && !(hasEnded(child.state) && node.endedAt === null)
      ? stateOfTask(child.state)
      : node.state;
  return {
    key,
    taskId: trace.taskId,
    kind: node.kind,
    name: node.name,
    state,
    from: timeOf(node.startedAt) ?? timeOf(node.endedAt),
    to: timeOf(node.endedAt) ?? (node.state === 'abandoned' ? timeOf(trace.endedAt) : undefined),
    worked: inner?.worked ?? [],
    spans: [...own, ...(inner?.spans ?? [])],
    node,
    run: undefined,
    trace: below,
    read: called,
  };
}

function timeOf(iso: string | null | undefined): number | undefined {
  return iso === null || iso === undefined ? undefined : Date.parse(iso);
}
