/** What a run needs of the log of tasks: where it takes its task from, appends to it, and lets it wait. */
import type { Clock } from '../platform/clock.js';
import type { Message } from '../sessions/message.js';
import type { Claim, ClaimedTask, Parking } from './claimed-task.js';
import type { NewEvent } from './task-event.js';

type Row = Readonly<Record<string, unknown>>;

/** What is stored in one commit. */
export interface RunAppend {
  readonly taskId: string;
  readonly contextId: string;
  readonly agent: string;
  /** The run that holds the task, and the number of this append among its own: a second one of the same changes nothing. */
  readonly guard: { readonly token: string; readonly runSeq: number };
  readonly events: readonly NewEvent[];
  /** What the run has finished: rows of the journal. */
  readonly entries: readonly Row[];
  /** Messages that go into the task's session, if it has one. */
  readonly sessionMessages: readonly Message[];
  /** Number of events that the agent's body has emitted with these. */
  readonly bodyEvents: number;
  /** ISO 8601. */
  readonly at: string;
  /** Takes the task away from the run that holds it. */
  readonly release?: boolean;
  /** The code of the run's instance doesn't fit the task, which is held: for others to try. */
  readonly misfit?: boolean;
}

export interface RunRecords {
  readonly taskId: string;
  readonly agent: string;
  readonly token: string;
  readonly rows: readonly Row[];
}

interface SayingRun {
  readonly taskId: string;
  readonly contextId: string;
  readonly clock: Pick<Clock, 'now'>;
}

export interface RunLog {
  /** Takes the task over for a run; undefined when there is nothing to run. */
  claim(claim: Claim): Promise<ClaimedTask | undefined>;
  /** After a claim that was refused: whoever can run the task takes it. */
  giveBack(taskId: string): Promise<void>;
  /** Gives the task out of the hands of the run that holds `token`; nothing happens when it holds it no more. */
  release(taskId: string, token: string): Promise<void>;
  /** Has the task wait in nobody's hands; false when what it waits for is there already. Throws RUN_LOST. */
  park(taskId: string, token: string, parking: Parking): Promise<boolean>;
  /** Resolves when all of it is committed. Throws RUN_LOST, TASK_ENDED and TASK_NOT_FOUND. */
  append(append: RunAppend): Promise<void>;
  /** The same for rows of the journal with which nothing is said. */
  record(records: RunRecords): Promise<void>;
  /**
   * For events with content that is stored apart from the log: a function that stores it and answers with the events as they are
   * to be appended, to be called for each try. Undefined where there is none.
   */
  storedApart(events: readonly NewEvent[], run: SayingRun): (() => Promise<readonly NewEvent[]>) | undefined;
}
