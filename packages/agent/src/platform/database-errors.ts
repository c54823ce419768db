/** What the errors of PostgreSQL and of the connections to it mean to whoever asked. */
import { unavailable } from './errors.js';

/**
 * PostgreSQL's classes 08 (connection), 53 (resources), 57P (shutdown), a statement that took or came too late, a
 * transaction left idle, and Node's socket errors.
 */
const connectionCodes =
  /^(08...|53...|57P..|57014|25006|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ENOENT|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)$/;
const connectionMessages =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed/;
/** Class 40 (a transaction rolled back: deadlock, serialization), a lock that was not to be had, and class 58 (the disk). */
const transientCodes = /^(40...|55P03|58...)$/;

/** Whether `error` says that PostgreSQL is away or has no time, rather than that the query is wrong. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return connectionCodes.test(codeOf(error)) || connectionMessages.test(error.message);
}

/** Whether trying the same statement again can succeed: connection lost, deadlock, serialization failure. */
export function isTransient(error: unknown): boolean {
  return error instanceof Error && (transientCodes.test(codeOf(error)) || isConnectionError(error));
}

/**
 * Whether PostgreSQL has given a statement up that took too long, or too much memory or disk: something in it may be what
 * needs so much, or waits for somebody's lock.
 */
export function tookTooMuch(error: unknown): boolean {
  return error instanceof Error && /^(57014|53[24]00)$/.test(codeOf(error));
}

/** Whether PostgreSQL lacks what only its operator can give: classes 53 (disk, memory, connections) and 58 (its files). */
export function lacksResources(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && /^5[38]...$/.test(codeOf(error));
}

/** Runs `work` for a caller that can try again itself: a database that is away or too busy becomes UNAVAILABLE. */
export async function orUnavailable<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isTransient(error) ? unavailable(error) : error;
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
