/** Makes nodes of what was recorded: each operation with what it led to, steps with what was done inside of them, branches. */
import { isInStep } from '@continuo/agent/internal/runs/lineage.js';
import { branchNameIn } from '@continuo/agent/internal/runs/names.js';
import type { Hide } from '@continuo/agent/internal/platform/shown.js';
import { toUsage, type Usage, type UsageFigures } from '@continuo/agent/internal/tasks/usage.js';
import type { AnswerRow, ModelCallRow } from './called-tasks.js';
import { failureOf, triesOf } from './failed-operation.js';
import { grouped } from './grouped.js';
import type { OperationRow } from './operation-page.js';
import { toShown, type ShownValue } from './shown-value.js';
import type { NodeState, TracedChild, TraceNode } from './trace.js';

/** What is known beside the operations themselves. */
export interface Beside {
  readonly models: ReadonlyMap<OperationRow, readonly ModelCallRow[]>;
  readonly children: ReadonlyMap<string, TracedChild>;
  readonly answers: ReadonlyMap<string, AnswerRow>;
  /** Whether what has not ended may still do so, of what was begun since the task began from its start at `origin`. */
  readonly goesOn: boolean;
  readonly origin: number;
  readonly hide: Hide;
}

/** Mark of places inside of steps, before the step's key: see lineage.ts. */
const keyOfStep = (branch: string): string => branch.slice(branch.length - 36);
const NOTHING: ShownValue = { value: null, truncated: false };

export function operationNode(row: OperationRow, beside: Beside): TraceNode {
  const { hide } = beside;
  const answer = beside.answers.get(row.key);
  const models = beside.models.get(row) ?? [];
  const calls = models.map((call) => modelNode(call, row.run, row.key, hide));
  const input = toShown(row.input, hide);
  const result = resultOf(row, answer, hide);
  const inStep = isInStep({ branch: row.branch, lineage: '' });
  return {
    // What failed before a retry has the key of what came for it.
    id: row.origin < 0 ? `${row.key}:${-row.origin}` : row.key,
    parentId: inStep ? keyOfStep(row.branch) : null,
    kind: row.kind === 'step' ? (row.shown_as ?? 'step') : (row.kind as TraceNode['kind']),
    name: row.kind === 'question' ? (labelOf(row) ?? row.name) : row.name,
    branch: inStep ? '' : row.branch,
    state: stateOf(row, answer, beside),
    run: row.run,
    startedAt: row.started_at.toISOString(),
    endedAt: (row.kind === 'question' ? answer?.at : row.ended_at?.toISOString()) ?? null,
    attempts: row.attempts,
    input: input.value,
    inputTruncated: input.truncated,
    result: result.value,
    resultTruncated: result.truncated,
    error: row.failed ? failureOf(row, hide) : null,
    tries: triesOf(row, hide),
    usage: addedUp(models),
    model: null,
    child: row.kind === 'call' ? (beside.children.get(row.key) ?? goneChild(row)) : null,
    nodes: calls,
  };
}

/** What a node shows as its result: of a question the answer; nothing of what waits, nor of what has failed. */
function resultOf(row: OperationRow, answer: AnswerRow | undefined, hide: Hide): ShownValue {
  if (row.kind === 'question') {
    if (answer === undefined) return NOTHING;
    return answer.timed_out
      ? { value: { timedOut: true }, truncated: false }
      : toShown(answer.parts, hide, answer.most);
  }
  return row.failed || row.ended_at === null ? NOTHING : toShown(row.result, hide);
}

function stateOf(row: OperationRow, answer: AnswerRow | undefined, { goesOn, origin }: Beside): NodeState {
  if (row.failed) return 'failed';
  if (row.kind === 'question' ? answer !== undefined : row.ended_at !== null) return 'done';
  return goesOn && row.origin === origin ? 'waiting' : 'abandoned';
}

/** A question that has no name is called by the beginning of its words. */
function labelOf({ result }: OperationRow): string | undefined {
  const label: unknown = result === null ? undefined : JSON.parse(result);
  return typeof label === 'string' ? label : undefined;
}

function goneChild({ name, result, ended_at: endedAt }: OperationRow): TracedChild | null {
  if (result === null || endedAt === null) return null;
  const { taskId } = JSON.parse(result) as { readonly taskId?: string };
  if (taskId === undefined) return null;
  return { taskId, agent: name, state: null, createdAt: null, endedAt: null, usage: null, trace: null };
}

export function modelNode(call: ModelCallRow, run: number | null, step: string | null, hide: Hide): TraceNode {
  const prompt = toShown(call.prompt, hide);
  return {
    ...EMPTY,
    id: call.id,
    parentId: step,
    kind: 'model',
    name: call.model,
    branch: '',
    state: 'done',
    run,
    startedAt: call.started_at?.toISOString() ?? null,
    endedAt: call.at.toISOString(),
    usage: toUsage(call.figures),
    model: {
      model: call.model,
      finishReason: call.finish_reason,
      prompt: prompt.value,
      promptTruncated: prompt.truncated || call.prompt_left_out,
    },
    nodes: [],
  };
}

function addedUp(calls: readonly ModelCallRow[]): Usage | null {
  const [first, ...others] = calls.map(({ figures }) => figures);
  if (first === undefined) return null;
  const keys = Object.keys(first) as readonly (keyof UsageFigures)[];
  const sum = (one: UsageFigures, other: UsageFigures): UsageFigures =>
    Object.fromEntries(keys.map((key) => [key, one[key] + other[key]])) as unknown as UsageFigures;
  return toUsage(others.reduce(sum, first));
}

/** As a tree: what was done inside of steps below them, what was done in branches below those. */
export function toTree(nodes: readonly TraceNode[]): readonly TraceNode[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const stepAround = ({ parentId }: TraceNode): string | undefined =>
    parentId !== null && ids.has(parentId) ? parentId : undefined;
  const inside = grouped(nodes, stepAround);
  const outside = nodes.filter((node) => stepAround(node) === undefined);
  return inBranches(outside.map((node) => withInside(node, inside)));
}

function withInside(node: TraceNode, inside: ReadonlyMap<string, readonly TraceNode[]>): TraceNode {
  const more = inside.get(node.id);
  if (more === undefined) return node;
  return { ...node, nodes: inOrder([...node.nodes, ...more.map((each) => withInside(each, inside))]) };
}

/** Each branch as a node, below the one that it is in. */
function inBranches(nodes: readonly TraceNode[]): readonly TraceNode[] {
  const paths = [...new Set(nodes.map(({ branch }) => branch))].filter((path) => path !== '');
  if (paths.length === 0) return inOrder(nodes);
  const known = new Set(paths);
  const below = new Map<string, TraceNode[]>(['', ...paths].map((path) => [path, []]));
  for (const node of nodes) below.get(node.branch)?.push(node);
  // The longest first: what is in a branch is whole before the branch is.
  for (const path of paths.toSorted((a, b) => b.length - a.length)) {
    const outer = branchAround(path, known);
    const name = outer === '' ? path : path.slice(outer.length + 1);
    below.get(outer)?.push(branchNode(path, branchNameIn(name), inOrder(below.get(path) ?? [])));
  }
  return inOrder(below.get('') ?? []);
}

/** The longest of `known` that it lies in; names may have slashes themselves. */
function branchAround(path: string, known: ReadonlySet<string>): string {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const outer = path.slice(0, end);
    if (known.has(outer)) return outer;
  }
  return '';
}

function branchNode(path: string, name: string, nodes: readonly TraceNode[]): TraceNode {
  const times = nodes.map(({ startedAt }) => startedAt).filter((time) => time !== null);
  const ends = nodes.map(({ endedAt }) => endedAt);
  const isOver = ends.every((end) => end !== null);
  const waits = nodes.some(({ state }) => state === 'waiting');
  return {
    ...EMPTY,
    id: `branch ${path}`,
    kind: 'branch',
    name,
    branch: path,
    state: nodes.some(({ state }) => state === 'failed') ? 'failed' : waits ? 'waiting' : isOver ? 'done' : 'abandoned',
    run: nodes[0]?.run ?? null,
    startedAt: times.toSorted()[0] ?? null,
    endedAt: isOver
      ? (ends
          .filter((end) => end !== null)
          .toSorted()
          .at(-1) ?? null)
      : null,
    nodes,
  };
}

const EMPTY = {
  parentId: null,
  attempts: 1,
  input: null,
  inputTruncated: false,
  result: null,
  resultTruncated: false,
  error: null,
  tries: [],
  usage: null,
  model: null,
  child: null,
} as const;

function inOrder(nodes: readonly TraceNode[]): readonly TraceNode[] {
  return nodes.toSorted((a, b) => (a.startedAt ?? a.endedAt ?? '').localeCompare(b.startedAt ?? b.endedAt ?? ''));
}
