/** The tree that a waterfall shows, made of pages of traces. */
import type { TaskTrace, TraceNode } from '@continuo/client';
import { expect, test } from 'vitest';
import { toRows } from '../src/routes/task/trace/rows.js';
import { toSpans, type Span } from '../src/routes/task/trace/spans.js';
import type { Traces } from '../src/routes/task/trace/trace-store.js';

const at = (second: number): string => new Date(second * 1_000).toISOString();

const node = (id: string, more: Partial<TraceNode> = {}): TraceNode => ({
  id,
  parentId: null,
  kind: 'step',
  name: id,
  branch: '',
  state: 'done',
  run: 1,
  startedAt: at(1),
  endedAt: at(2),
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
  nodes: [],
  ...more,
});

const run = (number: number, nodes: readonly TraceNode[], ending: string | null = 'COMPLETED') => ({
  number,
  attempt: 1,
  instance: `instance ${number}`,
  agentVersion: null,
  startedAt: at(number),
  endedAt: at(number + 1),
  ending,
  error: null,
  nodes,
});

const page = (runs: TaskTrace['runs'], more: Partial<TaskTrace> = {}): TaskTrace => ({
  taskId: 'root',
  agent: 'test/root',
  contextId: 'context',
  parentTaskId: null,
  rootTaskId: null,
  state: 'COMPLETED',
  held: false,
  attempt: 1,
  createdAt: at(0),
  endedAt: at(9),
  usage: null,
  error: null,
  runs,
  nextPageToken: '',
  ...more,
});

const known = (...all: readonly (readonly TaskTrace[])[]): Traces =>
  new Map(all.map((pages) => [pages[0]?.taskId ?? '', { pages, reading: false, error: undefined }]));

const outline = (span: Span | undefined, level = 0): readonly string[] =>
  span === undefined
    ? []
    : [`${'  '.repeat(level)}${span.kind} ${span.name}`, ...span.spans.flatMap((inner) => outline(inner, level + 1))];

test('a task with one run shows what that did at once, one with several its runs', () => {
  expect(outline(toSpans('root', known([page([run(1, [node('load')])])])))).toEqual(['task test/root', '  step load']);
  const two = [page([run(1, [node('load')], 'lost'), run(2, [node('send')])])];
  expect(outline(toSpans('root', known(two)))).toEqual([
    'task test/root',
    '  run 1',
    '    step load',
    '  run 2',
    '    step send',
  ]);
  expect(toSpans('root', known(two))?.worked.map(({ failed }) => failed)).toEqual([true, false]);
});

test('a page may end inside of a branch, and between a step and what was done in it', () => {
  const branch = (nodes: readonly TraceNode[]): TraceNode =>
    node('branch left', { kind: 'branch', name: 'left', nodes });
  const pages = [
    page([run(1, [branch([node('a')]), node('answer')])], { nextPageToken: 'more' }),
    page([run(1, [branch([node('b')]), node('look up', { kind: 'tool', parentId: 'answer' })])]),
  ];
  expect(outline(toSpans('root', known(pages)))).toEqual([
    'task test/root',
    '  branch left',
    '    step a',
    '    step b',
    '  step answer',
    '    tool look up',
  ]);
});

test('a child has a place of its own below its call once it is read, and rows only where it is open', () => {
  const child = {
    taskId: 'child',
    agent: 'test/child',
    state: 'FAILED',
    createdAt: at(1),
    endedAt: at(2),
    usage: null,
    trace: null,
  } as const;
  const root = [page([run(1, [node('call', { kind: 'call', name: 'test/child', child })])])];
  const closed = toSpans('root', known(root));
  expect(closed?.spans[0]?.state).toBe('failed');
  expect(toRows(closed, new Map()).map(({ key }) => key)).toEqual(['task', 'call']);
  expect(toRows(closed, new Map([['call', true]])).map(({ kind }) => kind)).toEqual(['span', 'span', 'more']);
  const both = known(root, [page([run(1, [node('load')])], { taskId: 'child', agent: 'test/child' })]);
  expect(toRows(toSpans('root', both), new Map([['call', true]])).map(({ key }) => key)).toEqual([
    'task',
    'call',
    'call/load',
  ]);
});
