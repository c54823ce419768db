/** Errors as the journal keeps them: code is given what is built from the record, in the run that made it and in every later one. */
import {
  causeOf,
  ContinuoError,
  messageOf,
  nameOf,
  stackOf,
  TerminalError,
  type ErrorCode,
} from '../platform/errors.js';
import { isStorableText, storable } from '../platform/storable.js';
import { cutToBytes } from '../platform/text.js';
import { StepFailedError } from './run.js';

const MOST_MESSAGE_BYTES = 16 * 1024;
const MOST_NAME_BYTES = 256;
/** An error, its causes and what they are made of, together. */
const MOST_ERRORS = 10;
const MOST_FIELDS = 20;
const LONGEST_FIELD = 1_024;
/** Characters of JSON that a class of ours may keep of its own. */
const MOST_OWN = 8 * 1024 ** 2;
/** What has a place of its own in the record, or can't be given again. */
const NO_FIELDS: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors', '__proto__']);

type Own = Readonly<Record<string, unknown>>;

/** A class whose errors are of it again when they are built from a record; all others become an Error. */
export interface ErrorKind {
  readonly kind: string;
  /** What the class keeps beside what is kept of every error; undefined for an error that is none of it. */
  readonly keep: (error: unknown) => Own | undefined;
  readonly make: (message: string, own: Own, options: ErrorOptions) => Error;
}

/** Plain data. */
export interface RecordedError {
  readonly kind?: string;
  readonly name: string;
  readonly message: string;
  readonly own?: Own;
  /** Its own fields that are text, numbers or booleans: `code`, `status`. */
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: RecordedError;
  /** Of an AggregateError. */
  readonly errors?: readonly RecordedError[];
}

const plainClasses = [RangeError, ReferenceError, SyntaxError, TypeError, URIError, EvalError];

/** The classes of this room and of JavaScript; those of agents come before them. */
const ownKinds: readonly ErrorKind[] = [
  {
    kind: 'StepFailedError',
    keep: (error) => {
      if (!(error instanceof StepFailedError)) return undefined;
      return { step: error.step, causes: error.causes, attempts: error.attempts };
    },
    make: (_, { step, causes, attempts }, options) =>
      new StepFailedError(String(step), causes as readonly string[], Number(attempts), options),
  },
  {
    kind: 'ContinuoError',
    keep: (error) => {
      if (!(error instanceof ContinuoError)) return undefined;
      const { code, field, expected, retryAfterSeconds, metadata } = error;
      return { code, field, expected, retryAfterSeconds, metadata };
    },
    make: (message, { code, ...details }, options) =>
      new ContinuoError(code as ErrorCode, message, { ...details, ...options }),
  },
  {
    kind: 'TerminalError',
    keep: (error) => (error instanceof TerminalError ? {} : undefined),
    make: (message, _, options) => new TerminalError(message, options),
  },
  ...plainClasses.map((Class): ErrorKind => {
    return {
      kind: Class.name,
      keep: (error) => (error instanceof Class ? {} : undefined),
      make: (message, _, options) => new Class(message, options),
    };
  }),
];

/** Never throws, whatever was thrown. */
export function toRecordedError(error: unknown, kinds: readonly ErrorKind[]): RecordedError {
  return recordOf(error, [...kinds, ...ownKinds], { left: MOST_ERRORS });
}

/** `live`: what the record was made of, in the run that made it; the error has its stacks. */
export function fromRecordedError(record: RecordedError, kinds: readonly ErrorKind[], live?: unknown): Error {
  return built(record, [...kinds, ...ownKinds], live);
}

/** The message of an error as the journal keeps it. */
export function keptMessage(error: unknown): string {
  return cutToBytes(storable(messageOf(error)), MOST_MESSAGE_BYTES);
}

function recordOf(error: unknown, kinds: readonly ErrorKind[], room: { left: number }): RecordedError {
  room.left -= 1;
  const said = { name: cutToBytes(storable(nameOf(error)), MOST_NAME_BYTES), message: keptMessage(error) };
  try {
    const kind = kinds.find(({ keep }) => keep(error) !== undefined);
    const own = kind === undefined ? {} : plain(kind.keep(error));
    const fields = fieldsOf(error, own);
    const cause = causeOf(error);
    const hasCause = cause !== undefined && cause !== null && room.left > 0;
    const errors = error instanceof AggregateError ? error.errors.slice(0, Math.max(0, room.left - 1)) : [];
    return {
      ...(kind === undefined ? {} : { kind: kind.kind }),
      ...said,
      ...(Object.keys(own).length === 0 ? {} : { own }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(hasCause ? { cause: recordOf(cause, kinds, room) } : {}),
      ...(errors.length === 0
        ? {}
        : { errors: errors.flatMap((one) => (room.left > 0 ? recordOf(one, kinds, room) : [])) }),
    };
  } catch {
    // It throws when it is read.
    return said;
  }
}

/** As JSON keeps it; of what is too much, or no JSON, what is simple. */
function plain(own: Own = {}): Own {
  try {
    const text = JSON.stringify(storable(own));
    if (text.length <= MOST_OWN) return JSON.parse(text) as Own;
  } catch {
    // No JSON.
  }
  return Object.fromEntries(Object.entries(own).filter(([, value]) => isSimple(value)));
}

function fieldsOf(error: unknown, own: Own): NonNullable<RecordedError['fields']> {
  if (typeof error !== 'object' || error === null) return {};
  // Of some classes it is a getter.
  const code = 'code' in error ? [['code', error.code] as const] : [];
  const simple = [...code, ...Object.entries(error)].filter(([name, value]) => {
    return (
      !NO_FIELDS.has(name) && !(name in own) && name.length <= LONGEST_FIELD && isStorableText(name) && isSimple(value)
    );
  });
  return Object.fromEntries(simple.slice(0, MOST_FIELDS));
}

function isSimple(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_FIELD && isStorableText(value);
  return typeof value === 'boolean' || Number.isFinite(value);
}

function built(record: RecordedError, kinds: readonly ErrorKind[], live: unknown): Error {
  const { name, message, own = {}, fields = {}, cause, errors } = record;
  const options = cause === undefined ? {} : { cause: built(cause, kinds, causeOf(live)) };
  const kind = kinds.find((one) => one.kind === record.kind);
  const error = errors === undefined ? made(kind, message, own, options) : aggregate(record, kinds, options, live);
  for (const [field, value] of Object.entries(fields)) define(error, field, value, true);
  if (error.name !== name) define(error, 'name', name, false);
  if (live !== undefined) define(error, 'stack', stackOf(live) ?? `${name}: ${message}`, false);
  return error;
}

/** A class that another version has, and this one hasn't, is an Error here. */
function made(kind: ErrorKind | undefined, message: string, own: Own, options: ErrorOptions): Error {
  return kind === undefined ? new Error(message, options) : kind.make(message, own, options);
}

function aggregate(
  { message, errors = [] }: RecordedError,
  kinds: readonly ErrorKind[],
  options: ErrorOptions,
  live: unknown,
): Error {
  const lives: readonly unknown[] = live instanceof AggregateError ? live.errors : [];
  return new AggregateError(
    errors.map((one, index) => built(one, kinds, lives[index])),
    message,
    options,
  );
}

function define(error: Error, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, name, { value, enumerable, configurable: true, writable: true });
}
