/** Calls of the public API, with the types that are generated from its OpenAPI document. */
import { credentials, noteRefusal } from './credentials.js';
import { apiAddress } from './place.js';
import { operations, type ErrorAnswer, type Operations } from './schema.generated.js';

type OperationId = keyof Operations;
type Given<Id extends OperationId> = Omit<Operations[Id], 'answer'>;

interface Parts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** What the server refused, in its words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** 0 when there was no answer at all. */
    readonly status: number,
    /** The stable code, `TASK_NOT_FOUND`. */
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

/** Throws ApiError. */
export async function call<Id extends OperationId>(
  id: Id,
  given: Given<Id>,
  signal?: AbortSignal,
  /** Sent again under the same one, a POST does nothing twice. */
  idempotencyKey?: string,
): Promise<Operations[Id]['answer']> {
  const { path, query, body }: Parts = given;
  const { method } = operations[id];
  const response = await send(urlOf(id, path, query), {
    method,
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    headers: {
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(signal === undefined ? {} : { signal }),
  });
  return (response.status === 204 ? undefined : await response.json()) as Operations[Id]['answer'];
}

export function urlOf(id: OperationId, path: Parts['path'] = {}, query: Parts['query'] = {}): string {
  const filled = apiAddress(
    operations[id].path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? '')),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, value);
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

/** Throws ApiError for whatever is no success. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const bearer = await credentials();
    const headers = new Headers(init.headers);
    if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
    response = await fetch(url, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(0, 'UNREACHABLE', 'The server cannot be reached right now.');
  }
  if (response.ok) return response;
  if (response.status === 401) noteRefusal();
  throw await toApiError(response);
}

async function toApiError(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as ErrorAnswer;
    const info = error.details[0];
    const reason = info?.['reason'];
    const metadata = info?.['metadata'] as { readonly field?: string } | undefined;
    return new ApiError(
      response.status,
      typeof reason === 'string' ? reason : error.status,
      error.message,
      metadata?.field,
    );
  } catch {
    return new ApiError(response.status, 'UNKNOWN', `The server answered with status ${response.status}.`);
  }
}
