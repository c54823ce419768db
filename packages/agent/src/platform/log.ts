/** What agents, and what runs them, write their log with; pino's loggers are such ones. */

interface Write {
  (about: object, message?: string): void;
  (message: string): void;
}

export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
