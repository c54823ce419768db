/** What a run on its journal is given. */
import type { Clock } from '../platform/clock.js';
import type { Answer } from '../tasks/answers.js';
import type { ContradictionError } from './contradiction.js';
import type { Operation } from './journal-entry.js';
import type { JournalRow } from './journal-row.js';
import type { DeliveryTurn } from './delivery.js';
import type { Journal, Taken, Wanted } from './journal.js';
import type { Follower } from './lineage.js';
import type { ErrorKind } from './recorded-error.js';
import type { StepOptions } from './run.js';
import type { Hide } from '../platform/shown.js';
import type { ModelCall } from './usage/model-call.js';

export interface JournalRunParts {
  readonly taskId: string;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Undefined, unless this instance may have been taken for dead: then it resolves when that is known. */
  readonly entitled: () => Promise<void> | undefined;
  /**
   * Resolves when the row is committed, together with what the run has said before. `alone`: nothing else is under way that
   * could go along.
   */
  readonly record: (row: JournalRow, alone: boolean) => Promise<void>;
  /** What was answered to the question of this key. */
  readonly answerTo: (key: string) => Answer | undefined;
  /** Ends the run: its code contradicts the journal. */
  readonly hold: (contradiction: ContradictionError) => void;
  /** Of a task that is held: told when the code has asked for all that the journal has. */
  readonly fits?: () => void;
  /** The calls of language models that were made in the step of this key, and that no row has said; each is said once. */
  readonly spentIn?: (step: string) => readonly ModelCall[];
  /** Takes secrets out of what is kept for the task's trace. Default: nothing. */
  readonly hide?: Hide | undefined;
  /** Classes whose errors a step throws as such in every run, beside those of this room. */
  readonly errorKinds: readonly ErrorKind[];
  /** How long nothing may happen before what was not asked for counts as gone from the code; milliseconds, default 3000. */
  readonly quietMs?: number;
  /** Resolves when an operation that is new, and that nothing speaks against, may be carried out. Default: at once. */
  readonly admitted?: (operation: Operation) => Promise<void>;
}

/** What an operation is, without its place. */
export type Own = Pick<Wanted, 'kind' | 'name' | 'fingerprint' | 'label'> & Pick<StepOptions, 'input' | 'shownAs'>;

/** What came of an operation. */
export interface How extends Pick<StepOptions, 'input' | 'shownAs'> {
  readonly failed?: boolean;
  readonly attempts?: number;
  readonly startedAt?: string;
  /** Default: it has ended. */
  readonly ended?: boolean;
  /** The value as the journal keeps it, where that is known. */
  readonly recorded?: string | null;
  readonly tries?: string | undefined;
}

/** An operation of this run that has begun. */
export interface Begun {
  readonly taken: Taken;
  /** What its trace shows of it. */
  readonly about: Pick<Own, 'input' | 'shownAs'>;
  readonly follower: Follower;
  /** When its result is given to the flow, if there is one already. */
  turn: DeliveryTurn | undefined;
  /** A step of which the work is being done. */
  isWorking: boolean;
}

/** A question that nobody has answered. */
export interface OpenQuestion {
  /** Of its message, too. */
  readonly key: string;
  /** An earlier run has asked it. */
  readonly known: boolean;
  readonly row: JournalRow;
}
