/** What an agent logs, and how it is kept with its task. */

/** Values beside a message: what JSON can hold. */
export type LogFields = Readonly<Record<string, unknown>>;
/** Writes one line. Returns at once, and never throws. */
export type LogWrite = (message: string, fields?: LogFields) => void;
/** The least grave first. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
/** How grave a line is, the least grave first. @useDeclaredType */
export type LogLevel = (typeof logLevels)[number];

/**
 * Lines for whoever runs the agent or has begun the task: they go into the server's log, with the task's id, and are kept
 * with the task (`GET /tasks/:id/log`), whatever the server's `CONTINUO_LOG_LEVEL`. When the task goes on after a crash, a
 * line that was kept is not logged again: one with the same level, message and fields in the same branch or step. It is
 * stored with what the task says next, at the latest a moment later; a line right before a crash may be lost.
 *
 * Nothing is thrown. Secrets of the server's configuration are hidden. Of a message 4 KiB are kept, of its fields as many;
 * of a task 5,000 lines and 1 MiB, and then how many more there were.
 *
 * @example
 * task.log.info('found the order', { order: order.id, amount: order.amount });
 */
export interface TaskLog {
  readonly debug: LogWrite;
  readonly info: LogWrite;
  readonly warn: LogWrite;
  readonly error: LogWrite;
}

/** A line as it is kept. */
export interface LogLine {
  /** ISO 8601. */
  readonly at: string;
  readonly level: LogLevel;
  readonly message: string;
  /** The beginning of their text where they are too large. */
  readonly fields?: unknown;
  /** The step in which it was logged, by its id in the task's trace. */
  readonly step?: string;
}

/** Lines of one commit, on their way into the database. */
export interface LogBatch {
  /** The number of the first of them, from 1 in each task. */
  readonly first_line: number;
  readonly lines: readonly LogLine[];
  /** Under which later runs find them again, one for each line. */
  readonly keys: readonly string[];
  /** Lines for which this run had no room. */
  readonly dropped: number;
}
