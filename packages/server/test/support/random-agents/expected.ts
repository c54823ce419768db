/** What a program must leave behind, whatever became of its runs: computed from the program alone. */
import { answerAt, attemptsOf, questionAt } from './given.js';
import type { Node, Say, Step } from './program.js';

export interface Expected {
  /** What is said of the progress, as often as it is. */
  readonly stages: string[];
  /** `name: text` of each artifact. */
  readonly artifacts: string[];
  /** The same as often as it is said: a step that is tried again says it again. Without streams. */
  readonly said: string[];
  /** Chunks outside of steps, with the end of each stream. */
  readonly chunks: number;
  /** Whether steps write streams, which begin anew when the step does. */
  readonly stepStreams: boolean;
  readonly asked: string[];
  readonly steps: readonly ExpectedStep[];
  /** By path. */
  readonly children: ReadonlyMap<string, Expected>;
  readonly answer: string;
  /** Races decide what follows them, and with it the names of that. */
  readonly races: boolean;
}

export interface ExpectedStep {
  readonly path: string;
  readonly attempts: number;
  /** It lost a race that nobody waited for the end of. */
  readonly optional: boolean;
}

interface Growing extends Expected {
  chunks: number;
  stepStreams: boolean;
  races: boolean;
  readonly steps: ExpectedStep[];
  readonly children: Map<string, Expected>;
}

/** `path`: of the task. */
export function expectedOf(body: readonly Node[], path: string): Expected {
  const expected: Growing = {
    stages: [],
    artifacts: [],
    said: [],
    chunks: 0,
    stepStreams: false,
    asked: [],
    steps: [],
    children: new Map(),
    answer: answerAt(path),
    races: false,
  };
  addAll(expected, body, path);
  return expected;
}

function addAll(expected: Growing, nodes: readonly Node[], path: string): void {
  for (const [index, node] of nodes.entries()) add(expected, node, `${path}.${index}`);
}

function add(expected: Growing, node: Node, path: string): void {
  switch (node.do) {
    case 'progress':
    case 'artifact':
    case 'stream':
      return addSaying(expected, node, 1);
    case 'step':
      return addStep(expected, node, path);
    case 'ask': {
      const question = questionAt(node, path);
      expected.asked.push(...Array.from({ length: node.refuses + 1 }, () => question));
      return;
    }
    case 'sleep':
    case 'take':
      return;
    case 'call':
    case 'callAll':
      for (const [index, { body }] of node.children.entries()) {
        expected.children.set(`${path}.${index}`, expectedOf(body, `${path}.${index}`));
      }
      return;
    case 'all':
      for (const [index, flow] of node.flows.entries()) addAll(expected, flow, `${path}.${index}`);
      return;
    case 'branches':
      for (const [index, { body }] of node.branches.entries()) addAll(expected, body, `${path}.${index}`);
      return;
    case 'race': {
      expected.races = true;
      expected.artifacts.push(`: race ${path}`);
      expected.said.push(`: race ${path}`);
      for (const [index, entrant] of node.entrants.entries()) {
        if (entrant.do === 'step') addStep(expected, entrant, `${path}.${index}`, !node.joins);
      }
    }
  }
}

function addStep(expected: Growing, step: Step, path: string, optional = false): void {
  const attempts = attemptsOf(step);
  expected.steps.push({ path, attempts, optional });
  for (const said of step.says) {
    if (said.do === 'stream') expected.stepStreams = true;
    addSaying(expected, said, attempts);
  }
}

function addSaying(expected: Growing, said: Say, attempts: number): void {
  if (said.do === 'progress') {
    expected.stages.push(...Array.from({ length: attempts }, () => said.text));
    return;
  }
  const words = said.do === 'stream' ? said.chunks.join('') : said.text;
  const artifact = `${said.name ?? ''}: ${words}`;
  expected.artifacts.push(artifact);
  if (said.do === 'artifact') expected.said.push(...Array.from({ length: attempts }, () => artifact));
  else if (!expected.stepStreams) expected.chunks += said.chunks.length + 1;
}
