/** What a page of a task's log is made of. */
import type { LogLine } from '@continuo/agent/internal/tasks/agent-log.js';

/** A line of a task's log. */
export interface ReadLogLine extends LogLine {
  /** Counts the lines of the task from 1. */
  readonly number: number;
  /** The run of the task that logged it. */
  readonly run: number;
}

/** A page of a task's log. */
export interface LogPage {
  /** Oldest first. */
  readonly lines: readonly ReadLogLine[];
  /** Lines that were not kept, as there was no room for more. */
  readonly dropped: number;
  /** What `after` is for the next page; null at the end of what there is now. */
  readonly next: number | null;
}
