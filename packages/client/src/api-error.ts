/** What calls throw: what the server has refused, or that nothing came back from it. */
import type { ErrorAnswer } from './schema.generated.js';

/** What an error says beside its message. */
export interface ApiErrorDetails {
  readonly field?: string | undefined;
  readonly expected?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly requestId?: string | undefined;
  readonly headers?: Headers | undefined;
  readonly cause?: unknown;
}

/** A call that did not succeed, in the server's words. */
export class ContinuoApiError extends Error {
  override readonly name = 'ContinuoApiError';
  /** The field of the request that is at fault, as a path: `message.parts[0]`. */
  readonly field: string | undefined;
  /** What was expected there, in words. */
  readonly expected: string | undefined;
  /** Seconds after which it makes sense to try again; undefined where the server doesn't say. */
  readonly retryAfter: number | undefined;
  /** The id of the request in the server's log. */
  readonly requestId: string | undefined;
  /** Of the answer; undefined when there was none. */
  readonly headers: Headers | undefined;

  constructor(
    /** Of HTTP; 0 when there was no answer. */
    readonly status: number,
    /** The stable code: `TASK_NOT_FOUND`; `UNREACHABLE` without an answer, `UNKNOWN` for an answer that isn't the server's own. */
    readonly reason: string,
    message: string,
    details: ApiErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.field = details.field;
    this.expected = details.expected;
    this.retryAfter = details.retryAfter;
    this.requestId = details.requestId;
    this.headers = details.headers;
  }
}

/** Nothing came back; `cause` says why. */
export function unreachable(cause: unknown): ContinuoApiError {
  return new ContinuoApiError(0, 'UNREACHABLE', 'The server cannot be reached right now.', { cause });
}

/** The error that a response without success stands for; reads its body. */
export async function errorOf(response: Response): Promise<ContinuoApiError> {
  const { status, headers } = response;
  const about = {
    headers,
    retryAfter: secondsIn(headers.get('retry-after')),
    requestId: headers.get('x-request-id') ?? undefined,
  };
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as ErrorAnswer;
    const info = error.details[0];
    const { field, expected } = info?.metadata ?? {};
    return new ContinuoApiError(status, info?.reason ?? error.status, error.message, { ...about, field, expected });
  } catch {
    const isForPeople = headers.get('content-type')?.startsWith('text/plain') === true && text !== '';
    const message = isForPeople ? text : `The server answered with status ${status}.`;
    return new ContinuoApiError(status, 'UNKNOWN', message, about);
  }
}

/** Retry-After is seconds or a date. */
function secondsIn(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

/** Whether the same request may do better later: nothing came back, or somebody on the way was too busy. */
export function isPassing({ status }: ContinuoApiError): boolean {
  return [0, 408, 425, 429, 502, 503, 504].includes(status);
}
