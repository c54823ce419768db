/** The children of a task, as its run sees them. */
import type { Message, Part } from '../sessions/message.js';
import type { RelayedAnswer } from '../tasks/answers.js';
import type { ClaimedTask } from '../tasks/claimed-task.js';
import type { TaskState } from '../tasks/task-state.js';
import type { CallResult, ChildCall } from './task-context.js';

/** What a child asks a person. */
export interface ChildQuestion {
  readonly childId: string;
  readonly state: 'INPUT_REQUIRED' | 'AUTH_REQUIRED';
  readonly message: Message;
}

/** A child that has completed, or whose failure is ignored; without a state it was deleted. */
export interface EndedChild {
  readonly call: ChildCall;
  readonly taskId: string;
  readonly state: TaskState | undefined;
  /** What it said with its end, of one that did not complete; undefined in journals of older versions. */
  readonly said?: readonly Part[];
}

export interface ChildListener {
  /** Nothing but the child's next word is waited for; each time that it was heard, too. */
  watched(taskId: string): void;
  /** The next word is here. */
  heard(): void;
  /** The child is `fraction` (0 to 1) of its way. */
  progressed(fraction: number, stage: string): void;
  /** Resolves with the user's answer; never, when there is none yet. */
  asked(question: ChildQuestion): Promise<RelayedAnswer>;
}

export interface ChildSignals {
  /** That of the parent's run: the child goes on without it. */
  readonly run: AbortSignal;
  /** The parent needs the child no more. */
  readonly givenUp: AbortSignal;
}

/** What a run asks of its children. */
export interface Children {
  /** Opens the child, unless the call of this key has opened it before; resolves when it has ended. */
  ended(
    parent: ClaimedTask,
    signals: ChildSignals,
    key: string,
    call: ChildCall,
    listener: ChildListener,
  ): Promise<Omit<EndedChild, 'call'>>;
  /** Throws ChildFailedError for one that has failed, was rejected or cancelled, and is not to be ignored. */
  check(parent: ClaimedTask, signal: AbortSignal, ended: EndedChild): Promise<EndedChild>;
  /** What they said and made, in the same order. */
  results(parent: ClaimedTask, signal: AbortSignal, children: readonly EndedChild[]): Promise<readonly CallResult[]>;
}
