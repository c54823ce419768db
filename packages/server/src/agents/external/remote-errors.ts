/** What goes wrong with a remote agent, in words for people: which may pass, and which doesn't. */
import { A2A_ERROR_CODE, A2AError } from '@a2a-js/sdk/errors';
import { messageOf, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { cut, wellFormed } from '@continuo/agent/internal/platform/text.js';
import { hiding } from '../../platform/secrets.js';

const MOST_CHARACTERS = 300;
/** Shorter ones are in every text by chance. */
const SHORTEST_SECRET = 4;
/** Statuses of HTTP by which a gateway or an agent says: later. */
export const LATER: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** A remote agent that fails at its work this often with the same message fails at it again. */
const MOST_FAULTS = 3;

/** The reason of those who say no by HTTP and not by A2A; it may also be the card that is refused. */
export const REFUSED = 'REFUSED';

const LOST = 'The remote agent no longer knows the task; it may have lost it in a restart.';

/** The remote agent has said no; it would say so again. */
export class RemoteRefusal extends TerminalError {
  constructor(
    /** A2A's, like TASK_NOT_FOUND. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** The reason of those who don't have an operation. */
export const NO_SUCH_OPERATION = 'METHOD_NOT_FOUND';

/** The remote agent got the request, and something failed there. */
export class RemoteFault extends Error {
  constructor(
    message: string,
    /** Of HTTP, where it says no more than that. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/** The remote agent got the request, and answered with a success that nobody can read: `found`. What it was asked for may be done. */
export class NoAnswer extends RemoteFault {
  constructor(readonly found: string) {
    super(`The remote agent answered with something that is no A2A answer: ${found}`);
  }
}

/** Its task would be in that state for ever. */
export function unreadableState(state: unknown): TerminalError {
  const found = typeof state === 'string' || typeof state === 'number' ? JSON.stringify(state) : typeof state;
  return new TerminalError(
    `The remote agent's answer can't be read: status.state: expected a state of A2A, got ${found}.`,
  );
}

/** Any other error of a call is one that says that the remote agent could not be reached. */
export function toRemoteError(error: unknown, headers: Readonly<Record<string, string>>): Error {
  const shown = (full: string): string => cut(wellFormed(withoutSecrets(full, headers)), MOST_CHARACTERS);
  if (error instanceof NoAnswer) return new NoAnswer(shown(error.found));
  const text = shown(textOf(error));
  if (error instanceof RemoteRefusal) return new RemoteRefusal(error.reason, text);
  if (error instanceof RemoteFault) return new RemoteFault(text, error.status);
  if (error instanceof TerminalError) return new TerminalError(text);
  if (!(error instanceof A2AError)) return new Error(text);
  if (error.reason === 'TASK_NOT_FOUND') return new RemoteRefusal(error.reason, LOST);
  const status = grpcStatusOf(error);
  if (status !== undefined) return ofGrpc(status, error, text);
  if (error.reason !== 'INTERNAL_ERROR') {
    const reason = isUnknownMethod(error) ? NO_SUCH_OPERATION : error.reason;
    return new RemoteRefusal(reason, `The remote agent refused: ${text}`);
  }
  return isUnavailable(error) ? new Error(text) : new RemoteFault(text);
}

/** Throws TerminalError for the fault after which there is no sense in trying again. */
export function countingFaults(): (error: unknown) => never {
  let faults = 0;
  return (error) => {
    if (error instanceof RemoteFault) faults += 1;
    if (faults < MOST_FAULTS) throw error;
    if (error instanceof NoAnswer) throw new TerminalError(`${error.message} (${faults} times)`);
    throw new TerminalError(`The remote agent failed ${faults} times: ${messageOf(error)}`);
  };
}

/** By number, so that nothing of gRPC is loaded for it. */
const GRPC = {
  cancelled: 1,
  unknown: 2,
  late: 4,
  denied: 7,
  exhausted: 8,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  away: 14,
  lost: 15,
};
const GRPC_UNAUTHENTICATED = 16;
const GRPC_LATER = new Set([GRPC.cancelled, GRPC.late, GRPC.exhausted, GRPC.aborted, GRPC.away]);
/** How gRPC's client begins what it says of an answer that it can't read. */
const GRPC_UNREADABLE = /Response message parsing error: (.*)/s;
const GRPC_FAULTS = new Set([GRPC.unknown, GRPC.internal, GRPC.lost]);

function grpcStatusOf(error: A2AError): number | undefined {
  const isGrpc = 'transport' in error && error.transport === 'grpc';
  return isGrpc && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

function ofGrpc(status: number, { reason }: A2AError, text: string): Error {
  if (reason !== 'INTERNAL_ERROR') return new RemoteRefusal(reason, `The remote agent refused: ${text}`);
  if (status === GRPC.unimplemented) return new RemoteRefusal(NO_SUCH_OPERATION, `The remote agent refused: ${text}`);
  const unreadable = GRPC_UNREADABLE.exec(text)?.[1];
  if (unreadable !== undefined) return new NoAnswer(unreadable);
  if (GRPC_LATER.has(status)) return new Error(text);
  if (GRPC_FAULTS.has(status)) return new RemoteFault(text);
  if (status === GRPC_UNAUTHENTICATED || status === GRPC.denied) {
    return new RemoteRefusal(REFUSED, `The remote agent doesn't let this server call it: ${text}`);
  }
  return new RemoteRefusal(reason, `The remote agent refused: ${text}`);
}

/** The SDK makes of it a request that is malformed. */
function isUnknownMethod(error: A2AError): boolean {
  return 'envelopeCode' in error && error.envelopeCode === A2A_ERROR_CODE.METHOD_NOT_FOUND;
}

function isUnavailable(error: A2AError): boolean {
  if ('statusCode' in error && typeof error.statusCode === 'number') return LATER.has(error.statusCode);
  return 'data' in error && JSON.stringify([error.data]).includes('"UNAVAILABLE"');
}

/** With the reason behind "fetch failed". */
function textOf(error: unknown): string {
  const text = messageOf(error);
  const cause = innermostCause(error);
  const reason = cause?.message || (cause !== undefined && 'code' in cause ? String(cause.code) : '');
  return text.includes(reason) ? text : `${text}: ${reason}`;
}

function innermostCause(error: unknown): Error | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  return cause === undefined ? undefined : (innermostCause(cause) ?? cause);
}

/** Remote servers and libraries like to repeat what they were sent. */
function withoutSecrets(text: string, headers: Readonly<Record<string, string>>): string {
  const secrets = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/).slice(1), ...inBasic(value)]);
  return hiding(secrets, { shortest: SHORTEST_SECRET, instead: '(hidden)' })(text);
}

/** User and password together, and the password. */
function inBasic(header: string): readonly string[] {
  const encoded = /^basic\s+(\S+)$/i.exec(header)?.[1];
  if (encoded === undefined) return [];
  const pair = Buffer.from(encoded, 'base64').toString();
  return [pair, pair.slice(pair.indexOf(':') + 1)];
}
