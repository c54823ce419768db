/** One performance of a program, with or without crashes: what its runs did and were given, and what was wrong with that. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { keyOf, type Operation } from '@continuo/agent/internal/runs/journal-entry.js';
import type { Given } from './given.js';
import type { Cut } from './program.js';

/** Longer than any step of a program takes. */
const LONGEST_MS = 15;

export interface TrialRun {
  readonly taskId: string;
  readonly signal: AbortSignal;
  /** Cut off: in a process of its own it would not be there any more. */
  dead: boolean;
  /** How often it has tried the work of a step, by path. */
  readonly tried: Map<string, number>;
}

/** A step as it is recorded. */
export type RecordedStep = Pick<Operation, 'branch' | 'lineage' | 'kind' | 'name' | 'occurrence'> & {
  readonly task_id: string;
};

/** Those that are performed at the moment. */
export const trials = new Map<string, Trial>();

export class Trial {
  readonly problems: string[] = [];
  /** By path of what makes it, the id of each artifact. */
  readonly artifacts = new Map<string, string>();
  /** By path, the id of each task. */
  readonly tasks = new Map<string, string>();
  readonly #given = new Map<string, string>();
  /** By path, the idempotency key of each step. */
  readonly #keys = new Map<string, string>();
  readonly #recorded = new Set<string>();
  readonly #latest = new Map<string, TrialRun>();
  readonly #runs = new Map<string, number>();
  readonly #worked = new Map<string, number>();

  constructor(
    readonly id: string,
    /** By path of the task. */
    private readonly cuts: ReadonlyMap<string, readonly Cut[]>,
    /** Slow is fast: what comes first in one trial comes last in the other. */
    private readonly reversed: boolean,
  ) {
    trials.set(id, this);
  }

  /** A run of the task begins to perform. */
  runs(task: TaskContext): TrialRun {
    const { path } = task.data as Given;
    const known = this.tasks.get(path);
    this.#insist(known === undefined || known === task.id, `task ${path} was opened twice`);
    this.tasks.set(path, task.id);
    const run: TrialRun = { taskId: task.id, signal: task.signal, dead: false, tried: new Map() };
    this.#latest.set(task.id, run);
    this.#runs.set(task.id, (this.#runs.get(task.id) ?? 0) + 1);
    return run;
  }

  /** The latest run of the task; undefined for a task of another trial. */
  latest(taskId: string): TrialRun | undefined {
    return this.#latest.get(taskId);
  }

  runsOf(path: string): number {
    return this.#runs.get(this.tasks.get(path) ?? '') ?? 0;
  }

  /** Where the task's present run is cut off, if it is. */
  cutOf(taskId: string): Cut | undefined {
    const [path = ''] = [...this.tasks].find(([, id]) => id === taskId) ?? [];
    return this.cuts.get(path)?.[(this.#runs.get(taskId) ?? 0) - 1];
  }

  /** The work of a step begins; answers with the number of the try. Never resolves in a run that is dead. */
  async works(run: TrialRun, path: string, key: string): Promise<number> {
    await this.pause(run);
    const known = this.#keys.get(path) ?? key;
    this.#insist(known === key, `step ${path} has another idempotency key than before`);
    this.#keys.set(path, key);
    this.#insist(!this.#recorded.has(key), `step ${path} was recorded, and runs again`);
    const attempt = (run.tried.get(path) ?? 0) + 1;
    run.tried.set(path, attempt);
    this.#worked.set(path, (this.#worked.get(path) ?? 0) + 1);
    return attempt;
  }

  /** How often the step's work was tried, in all runs. */
  workedOf(path: string): number {
    return this.#worked.get(path) ?? 0;
  }

  recorded(step: RecordedStep): void {
    if (step.kind !== 'step') return;
    this.#recorded.add(derivedId(`${step.task_id}:step:${keyOf(step.task_id, step)}`));
  }

  /** How much was performed. */
  counts(): { readonly tasks: number; readonly runs: number; readonly steps: number } {
    const sum = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((all, each) => all + each, 0);
    return { tasks: this.tasks.size, runs: sum(this.#runs), steps: sum(this.#worked) };
  }

  paced(ms: number): number {
    return this.reversed ? LONGEST_MS - ms : ms;
  }

  /** As if the process were gone: a dead run goes on nowhere. */
  async pause(run: TrialRun, ms?: number): Promise<void> {
    if (ms !== undefined) await delay(this.paced(ms));
    if (run.dead) await new Promise(() => undefined);
  }

  identified(path: string, id: string, run: TrialRun): void {
    if (isOver(run)) return;
    const known = this.artifacts.get(path) ?? id;
    this.#insist(known === id, `artifact ${path} has another id than before`);
    this.artifacts.set(path, id);
  }

  /** What the journal gave must be the same in every run. */
  gave(what: string, value: string, run: TrialRun): void {
    if (isOver(run)) return;
    const known = this.#given.get(what) ?? value;
    this.#insist(known === value, `${what} was ${known} and is ${value} in a later run`);
    this.#given.set(what, known);
  }

  /** What is wrong with what the agent was given. */
  expect(holds: boolean, problem: string, run: TrialRun): void {
    if (!isOver(run)) this.#insist(holds, problem);
  }

  #insist(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }
}

/** What the agent's code does then, with the errors that it is given, changes nothing. */
function isOver({ dead, signal }: TrialRun): boolean {
  return dead || signal.aborted;
}
