/** Every error that leaves a room: stable codes, no HTTP. Each transport has its own table from code to wire form. */

/** The stable codes; docs/errors.md explains each, and a test keeps it equal to this table. */
export const errorCodes = {
  INVALID_ARGUMENT: 'The request is malformed; `field` says where and `expected` what was expected.',
  UNAUTHENTICATED: 'Nobody, or nobody known, makes the call.',
  PERMISSION_DENIED: 'The caller is known, but may not do this.',
  HOST_NOT_ALLOWED: 'Without authentication the server answers to its own names alone; the request names another host.',
  ORIGIN_NOT_ALLOWED:
    'Without authentication the server answers its own pages alone; the request comes from another site.',
  TENANT_NOT_FOUND: 'No such tenant, or not yours.',
  KEY_NOT_FOUND: 'No such key, or not one of your tenant.',
  AGENT_NOT_FOUND: 'No agent has this type and name.',
  AGENT_EXISTS: 'Another agent has this name.',
  TASK_NOT_FOUND: 'No such task, or not one of yours.',
  ARTIFACT_NOT_FOUND: 'The task has no such artifact, or the artifact no such part.',
  FILE_NOT_FOUND: 'No such file, or not one of yours, or an upload that is not finished.',
  SESSION_NOT_FOUND: 'No such session, or not one of yours.',
  MEMORY_NOT_FOUND: 'No such memory, or not one of yours.',
  WEBHOOK_NOT_FOUND: 'No such webhook, or not one of yours.',
  DELIVERY_NOT_FOUND: 'No such delivery of a webhook, or not one of yours.',
  ROUTE_NOT_FOUND: 'Nothing is served at this path.',
  TASK_NOT_CANCELABLE: 'The task has already ended.',
  TASK_NOT_DELETABLE: 'The task, or one that it called, has not ended, or another task called it.',
  UNSUPPORTED_OPERATION: 'The task or agent cannot do this in its present state.',
  TASK_GENERATION_MISMATCH:
    'The task is not, or no longer, of the generation that the message is for, or asks another question.',
  PUSH_NOTIFICATION_NOT_SUPPORTED: 'Push notifications are not offered by this agent.',
  EXTENSION_SUPPORT_REQUIRED: 'The agent needs an extension that the call does not name.',
  CONTENT_TYPE_NOT_SUPPORTED: 'The body is not of a media type that this path reads.',
  VERSION_NOT_SUPPORTED: 'The requested A2A protocol version is not spoken here.',
  PAYLOAD_TOO_LARGE: 'The body is larger than the server accepts.',
  UPLOAD_MISMATCH:
    'Something else is stored of the upload than the request goes on from; `expected` is where to go on.',
  RATE_LIMITED: 'The caller sends more requests than it may; it is told when to come back.',
  QUOTA_EXCEEDED: 'The caller has as many streams, tasks, webhooks or bytes as it may.',
  REQUEST_TIMEOUT: 'The request did not arrive in time.',
  UNAVAILABLE: 'The server cannot store anything right now; nothing was accepted, try again.',
  AGENT_INVALID: 'An agent class cannot be registered; the message says how to mend it.',
  METADATA_MISSING:
    'Nothing says what a class injects; the message names the class and what lacks, and how to mend it.',
  CONFIG_INVALID: 'An environment variable or an option is wrong; the message names it.',
  PACKAGE_MISSING:
    'A package that is used is not installed, in a version that does not fit, or more than once; the message says which.',
  DATABASE_NEWER: "The database was migrated by a newer version of Continuo, in a way that this one can't work with.",
  DATABASE_MISMATCH: 'The database was made by other migrations than this version of Continuo has.',
  DATABASE_IN_USE: "Instances of an older version still run, which can't work with what is to be applied.",
  RUN_LOST: 'The run no longer owns its task; whoever owns it now goes on.',
  TASK_ENDED: 'The task has ended; nothing can be added to it.',
  INTERNAL: 'Something failed that should not; the server log has the request id.',
} as const;

/** The stable codes of errors; docs/errors.md says what each means and what to do. @useDeclaredType */
export type ErrorCode = keyof typeof errorCodes;

/** What an error says beside its code and its message. */
export interface ErrorDetails {
  /** The field at fault, as a path: `message.parts[0]`. */
  readonly field?: string;
  /** What was expected there, in words. */
  readonly expected?: string;
  /** Seconds after which a retry makes sense. */
  readonly retryAfterSeconds?: number;
  /** What else clients may go by. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * An error with a stable code, which clients get as it is: as an error of JSON-RPC, HTTP or gRPC. Agents and tools
 * throw it where a caller should be able to tell what went wrong.
 *
 * @example
 * throw new ContinuoError('INVALID_ARGUMENT', 'The order number is too short.', { field: 'message.parts[0]', expected: 'ten digits' });
 */
export class ContinuoError extends Error {
  readonly field: string | undefined;
  readonly expected: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ContinuoError';
    this.field = details.field;
    this.expected = details.expected;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.metadata = details.metadata;
  }
}

/** `field` is wrong; `expected` says what it should be. */
export function invalidArgument(field: string, expected: string): ContinuoError {
  return new ContinuoError('INVALID_ARGUMENT', `${field}: expected ${expected}`, { field, expected });
}

/** Nothing was accepted; the caller may try again after a second. */
export function unavailable(cause?: unknown): ContinuoError {
  return new ContinuoError('UNAVAILABLE', 'The database cannot be reached; nothing was accepted. Try again.', {
    retryAfterSeconds: 1,
    cause,
  });
}

/**
 * Thrown by an agent or a step: trying again cannot help, the task fails at once with this message.
 * Every other error that a step throws is retried as the step's options say. A subclass comes out of a step as a TerminalError
 * with its `name` and its simple fields.
 */
export class TerminalError extends Error {
  override readonly name: string = 'TerminalError';
}

const UNREADABLE = 'an error that does not say what it is';

/** The message of anything that was thrown, also of what throws when it is asked for one. */
export function messageOf(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return String(error);
    const message: unknown = 'message' in error ? error.message : undefined;
    if (typeof message === 'string' && message !== '') return message;
    if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(messageOf).join('; ');
    if (error instanceof Error) return `${nameOf(error)}, without a message`;
    // The names of its fields and none of their values, which may be nobody's to read.
    const fields = Object.keys(error).slice(0, 10).join(', ');
    return `an object in place of an Error, with ${fields === '' ? 'no fields' : fields}`;
  } catch {
    return UNREADABLE;
  }
}

/** The class of an error, by its name; `Error` for whatever else was thrown. */
export function nameOf(error: unknown): string {
  try {
    const name: unknown = error instanceof Error ? error.name : undefined;
    return typeof name === 'string' ? name : 'Error';
  } catch {
    return 'Error';
  }
}

/** What made it happen, when it says so. */
export function causeOf(error: unknown): unknown {
  try {
    return error instanceof Error ? error.cause : undefined;
  } catch {
    return undefined;
  }
}

/** What was thrown, when it can be asked what it is; else an error in its place that can. */
export function thrown(error: unknown): unknown {
  try {
    return error instanceof Error ? error : error;
  } catch {
    return readable(error);
  }
}

/** The same as an error that anybody can read, log and store: code of others may throw what throws again when read. */
export function readable(error: unknown): Error {
  const plain = new Error(messageOf(error));
  plain.name = nameOf(error);
  plain.stack = stackOf(error) ?? `${plain.name}: ${plain.message}`;
  return plain;
}

/** Its stack, where it has one and gives it. */
export function stackOf(error: unknown): string | undefined {
  try {
    const stack: unknown = error instanceof Error ? error.stack : undefined;
    return typeof stack === 'string' ? stack : undefined;
  } catch {
    return undefined;
  }
}
