/** What agents, and what runs them, write their log with; pino's loggers are such ones. */

/** Writes a line: a message, or fields and a message. */
export interface WriteLog {
  (about: object, message?: string): void;
  (message: string): void;
}

/** A structured log; a logger of pino is one. Secrets in fields are hidden. */
export interface Log {
  readonly debug: WriteLog;
  readonly info: WriteLog;
  readonly warn: WriteLog;
  readonly error: WriteLog;
}
