/** What goes wrong with a remote agent, in words for people: which may pass, and which doesn't. */
import { A2AError } from '@a2a-js/sdk/errors';
import { messageOf, TerminalError } from '../../platform/errors.js';
import { cut, wellFormed } from '../../platform/text.js';

const MOST_CHARACTERS = 300;
/** Shorter ones are in every text by chance. */
const SHORTEST_SECRET = 4;
/** Statuses of HTTP by which a gateway or an agent says: later. */
const LATER = new Set([429, 502, 503, 504]);
/** A remote agent that fails at its work this often with the same message fails at it again. */
const MOST_FAULTS = 3;

/** The reason of those who say no by HTTP and not by A2A; it may also be the card that is refused. */
export const REFUSED = 'REFUSED';

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

/** The remote agent got the request, and something failed there. */
export class RemoteFault extends Error {}

/** Any other error of a call is one that says that the remote agent could not be reached. */
export function toRemoteError(error: unknown, headers: Readonly<Record<string, string>>): Error {
  const text = cut(wellFormed(withoutSecrets(textOf(error), headers)), MOST_CHARACTERS);
  if (error instanceof RemoteRefusal) return new RemoteRefusal(error.reason, text);
  if (error instanceof RemoteFault) return new RemoteFault(text);
  if (error instanceof TerminalError) return new TerminalError(text);
  if (!(error instanceof A2AError)) return new Error(text);
  const status = grpcStatusOf(error);
  if (status !== undefined) return ofGrpc(status, error, text);
  if (error.reason !== 'INTERNAL_ERROR') return new RemoteRefusal(error.reason, `The remote agent refused: ${text}`);
  return isUnavailable(error) ? new Error(text) : new RemoteFault(text);
}

/** Throws TerminalError for the fault after which there is no sense in trying again. */
export function countingFaults(): (error: unknown) => never {
  let faults = 0;
  return (error) => {
    if (error instanceof RemoteFault) faults += 1;
    if (faults < MOST_FAULTS) throw error;
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
  internal: 13,
  away: 14,
  lost: 15,
};
const GRPC_UNAUTHENTICATED = 16;
const GRPC_LATER = new Set([GRPC.cancelled, GRPC.late, GRPC.exhausted, GRPC.aborted, GRPC.away]);
const GRPC_FAULTS = new Set([GRPC.unknown, GRPC.internal, GRPC.lost]);

function grpcStatusOf(error: A2AError): number | undefined {
  const isGrpc = 'transport' in error && error.transport === 'grpc';
  return isGrpc && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

function ofGrpc(status: number, { reason }: A2AError, text: string): Error {
  if (reason !== 'INTERNAL_ERROR') return new RemoteRefusal(reason, `The remote agent refused: ${text}`);
  if (GRPC_LATER.has(status)) return new Error(text);
  if (GRPC_FAULTS.has(status)) return new RemoteFault(text);
  if (status === GRPC_UNAUTHENTICATED || status === GRPC.denied) {
    return new RemoteRefusal(REFUSED, `The remote agent doesn't let this server call it: ${text}`);
  }
  return new RemoteRefusal(reason, `The remote agent refused: ${text}`);
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
  const secrets = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/).slice(1)]);
  return secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((shown, secret) => shown.replaceAll(secret, '(hidden)'), text);
}
