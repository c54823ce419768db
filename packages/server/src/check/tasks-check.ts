/** What a check of open tasks found: its shape, and how it reads for people. */
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';

/**
 * - `goes-on`: its code runs through all that is finished, and goes on behind it or waits for what the task waits for;
 * - `not-begun`: it has not run yet, and its agent is here;
 * - `finishes`: its code comes to its end without doing anything more;
 * - `held`: its code contradicts what the task has finished;
 * - `fails`: its code throws;
 * - `no-agent`: its agent is not here;
 * - `unknown`: it can't be told.
 *
 * @useDeclaredType
 */
export type Verdict = (typeof verdicts)[number];

export const verdicts = ['goes-on', 'not-begun', 'finishes', 'held', 'fails', 'no-agent', 'unknown'] as const;

/** With these a deploy harms no task. */
const fine: ReadonlySet<Verdict> = new Set(['goes-on', 'not-begun', 'finishes']);

/** A task that would not simply go on. */
export interface CheckedTask {
  readonly taskId: string;
  readonly state: TaskState;
  readonly verdict: Verdict;
  /** The version of its agent that ran it last; absent for a task that has not run. */
  readonly ranWith?: string;
  /** The version that would go on with it; absent when its agent is not here. */
  readonly version?: string;
  /** Why, for people. */
  readonly reason?: string;
  /** Of one that is held: what it has finished, `step "load"`. */
  readonly finished?: string;
  /** Of one that is held: what the code does in its place. */
  readonly found?: string;
}

/** What the check found of an agent's open tasks. */
export interface CheckedAgent {
  /** `type/name`. */
  readonly agent: string;
  /** How many open tasks of it came to each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Those that would not simply go on: `held`, `fails`, `no-agent`, `unknown`; oldest first. */
  readonly tasks: readonly CheckedTask[];
}

/** What `checkTasks` found. */
export interface TasksCheck {
  /** Every task that was checked goes on, begins or finishes. */
  readonly ok: boolean;
  /** How many tasks were checked. */
  readonly checked: number;
  /** There are more open tasks than `limit`. */
  readonly more: boolean;
  /** By `type/name`; those without open tasks are left out. */
  readonly agents: readonly CheckedAgent[];
}

/** Puts the report together. */
export class Tally {
  readonly #agents = new Map<string, { readonly counts: Record<Verdict, number>; readonly tasks: CheckedTask[] }>();
  #checked = 0;

  add(agent: string, task: CheckedTask): void {
    const { counts, tasks } = this.#agents.get(agent) ?? this.#begin(agent);
    this.#checked += 1;
    counts[task.verdict] += 1;
    if (!fine.has(task.verdict)) tasks.push(task);
  }

  check(more: boolean): TasksCheck {
    const agents = [...this.#agents].map(([agent, { counts, tasks }]) => {
      return { agent, counts, tasks: tasks.toSorted((a, b) => (a.taskId < b.taskId ? -1 : 1)) };
    });
    agents.sort((a, b) => (a.agent < b.agent ? -1 : 1));
    return { ok: agents.every(({ tasks }) => tasks.length === 0), checked: this.#checked, more, agents };
  }

  #begin(agent: string): { readonly counts: Record<Verdict, number>; readonly tasks: CheckedTask[] } {
    const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
    const begun = { counts, tasks: [] };
    this.#agents.set(agent, begun);
    return begun;
  }
}
