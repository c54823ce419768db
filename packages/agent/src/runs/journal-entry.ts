/** What the journal keeps of a task, and the names under which a later run finds it again. */
import { derivedId } from '../platform/ids.js';
import { branchNameIn } from './names.js';

/** What a run can finish, or begin, and must not do again. */
export type JournalKind = 'step' | 'call' | 'question' | 'sleep' | 'inbox' | 'patch';

/** Where in the agent's code something happens. */
export interface Place {
  /** The scopes of `task.branch` around it (`branchScope`), outermost first: `email/draft#2`. Empty outside of every branch. */
  readonly branch: string;
  /** Which of several flows that run side by side without a branch of their own; see lineage.ts. Empty for the first. */
  readonly lineage: string;
}

export interface Operation extends Place {
  readonly kind: JournalKind;
  readonly name: string;
  /** Counts from 1 what has the same place, kind and name. */
  readonly occurrence: number;
  /** A hash of what goes in. Null where a name says it all. */
  readonly fingerprint: string | null;
  /** For people, in place of a name that says nothing to them. */
  readonly label?: string | undefined;
}

export interface JournalEntry extends Operation {
  readonly key: string;
  /** The order in which the task's runs recorded it. */
  readonly seq: number;
  readonly failed: boolean;
  /** What it does or waits for is over; of a question that never says so, as its answer does. */
  readonly ended: boolean;
  /** JSON; null for undefined. */
  readonly result: string | null;
  /** When its work, or its wait, began; for traces. */
  readonly startedAt?: Date | string;
  /** Recorded behind a failure that is tried again: code that goes another way now may leave it out. */
  readonly optional?: boolean;
}

/** The same for the same place, kind, name and occurrence in every run of the task; `scope` names that. */
export function keyOf(
  scope: string,
  { branch, lineage, kind, name, occurrence }: Omit<Operation, 'fingerprint' | 'label'>,
): string {
  return derivedId(JSON.stringify([scope, branch, lineage, kind, name, occurrence]));
}

/** For people: `step "load" (number 2) in branch email`. */
export function describe({ branch, kind, name, label = name, occurrence }: Described): string {
  const which = occurrence === 1 ? '' : ` (number ${occurrence})`;
  return `${kind} "${label}"${which}${branch === '' ? '' : ` in branch ${branchNameIn(branch)}`}`;
}

type Described = Pick<Operation, 'branch' | 'kind' | 'name' | 'label' | 'occurrence'>;
