/** What `continuo tasks trace` does. */
import type { TaskTrace, TraceNode } from '@continuo/client';
import { serverOf, type Server } from '../remote/server.js';
import type { Colours } from '../terminal/colours.js';
import { output } from '../terminal/output.js';
import { oneLine } from '../terminal/printable.js';
import { shortened } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { duration } from '../terminal/times.js';
import type { RemoteOptions } from './server-command.js';

type Run = TaskTrace['runs'][number];
type Error = NonNullable<TaskTrace['error']>;

interface TraceOptions extends RemoteOptions {
  readonly depth?: number;
}

/** So much of an error's message stands in a line. */
const MOST_CHARACTERS = 200;
const MOST_CAUSES = 3;

const signs = {
  done: ['✓', 'green'],
  failed: ['✗', 'red'],
  waiting: ['…', 'yellow'],
  abandoned: ['–', 'dim'],
} as const;

export async function showTrace(id: string, options: TraceOptions, terminal: Terminal): Promise<void> {
  const trace = await wholeTrace(serverOf(options, terminal.env), id, options.depth);
  await output(terminal, options, trace, () => traceLines(trace, terminal.colours).join('\n'));
}

/** All pages as one. */
async function wholeTrace(server: Server, id: string, depth = 0): Promise<TaskTrace> {
  const runs = new Map<number, Run>();
  for (let pageToken = ''; ;) {
    const page = await server.call('readTrace', { path: { id }, query: { depth, pageToken } });
    for (const run of page.runs) {
      const nodes = [...(runs.get(run.number)?.nodes ?? []), ...run.nodes];
      runs.set(run.number, { ...run, nodes });
    }
    pageToken = page.nextPageToken;
    if (pageToken === '') return { ...page, runs: [...runs.values()] };
  }
}

function traceLines({ agent, state, createdAt, endedAt, usage, runs }: TaskTrace, colours: Colours): readonly string[] {
  const facts = inWords([state, took(createdAt, endedAt), cost(usage)]);
  return [`${colours.bold(oneLine(agent))} ${colours.dim(facts)}`, ...runs.flatMap((run) => runLines(run, colours))];
}

function runLines(
  { number, attempt, instance, startedAt, endedAt, ending, error, nodes }: Run,
  colours: Colours,
): readonly string[] {
  const facts = inWords([
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ending ?? 'goes on',
    took(startedAt, endedAt),
    ...(instance === null ? [] : [`on ${instance}`]),
  ]);
  return [
    `${colours.bold(`run ${number}`)} ${colours.dim(facts)}`,
    ...nodes.flatMap((node) => nodeLines(node, '  ', colours)),
    ...(error === null ? [] : errorLines(error, '  ', colours)),
  ];
}

function nodeLines(node: TraceNode, indent: string, colours: Colours): readonly string[] {
  const { kind, name, state, startedAt, endedAt, attempts, tries, usage, model, child, nodes } = node;
  const [sign, paint] = signs[state];
  const facts = inWords([
    took(startedAt, endedAt),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    cost(usage),
    model?.finishReason ?? '',
    child === null ? '' : `${child.state ?? 'deleted'}, task ${child.taskId}`,
  ]);
  const inner = `${indent}  `;
  return [
    `${indent}${colours[paint](sign)} ${kind === 'step' ? '' : `${colours.cyan(kind)} `}${oneLine(name)} ${colours.dim(facts)}`,
    ...tries.flatMap(({ error, count }) => errorLines(error, inner, colours, count)),
    ...nodes.flatMap((below) => nodeLines(below, inner, colours)),
    ...(child?.trace?.runs ?? []).flatMap((run) => runLines(run, colours).map((line) => inner + line)),
  ];
}

function errorLines(error: Error, indent: string, colours: Colours, count = 1): readonly string[] {
  const times = count === 1 ? '' : colours.dim(` (${count} times)`);
  const own = error.stack.find((frame) => frame.own);
  const where = own === undefined ? '' : colours.dim(` at ${oneLine(own.file)}:${own.line}`);
  const causes = error.causes
    .slice(0, MOST_CAUSES)
    .map(({ name, message }) => `${indent}  by ${short(`${name}: ${message}`)}`);
  return [`${indent}${colours.red(short(`${error.name}: ${error.message}`))}${times}${where}`, ...causes];
}

function inWords(facts: readonly string[]): string {
  return facts
    .map(oneLine)
    .filter((fact) => fact !== '')
    .join(', ');
}

function short(text: string): string {
  return shortened(oneLine(text), MOST_CHARACTERS);
}

function took(from: string | null, to: string | null): string {
  return from === null || to === null ? '' : duration(Date.parse(to) - Date.parse(from));
}

function cost(usage: TraceNode['usage']): string {
  if (usage === null) return '';
  return `${usage.totalTokens} tokens${usage.cost === undefined ? '' : `, $${usage.cost.toFixed(4)}`}`;
}
