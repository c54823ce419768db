/** Sends requests to one server: with credentials that are renewed, with time limits, and again where that is safe. */
import { ContinuoApiError, errorOf, isPassing, unreachable } from './api-error.js';
import { withDeadline } from './body-deadline.js';
import { newKey } from './new-key.js';
import { operations, type Operations } from './schema.generated.js';
import { linkedTo, pause, pauseAfter } from './waiting.js';

const MOST_RETRIES = 5;
const PATIENCE_MS = 120_000;
/** What a server asks to be left alone for longer than this is told to the caller instead. */
const LONGEST_RETRY_AFTER_S = 30;
const BAD_REQUEST = 400;
const UNAUTHENTICATED = 401;
const NOT_FOUND = 404;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

/** The `operationId` of an operation of the OpenAPI document. @useDeclaredType */
export type OperationId = keyof Operations;

/** What an operation is called with: `path`, `query` and `body`, as far as it has them. */
export type Given<Id extends OperationId> = Omit<Operations[Id], 'answer'>;
/** What an operation answers; of a stream, the data of each event. */
export type Answer<Id extends OperationId> = Operations[Id]['answer'];

/** Any operation's `path`, `query` and `body`. */
interface Parts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly body?: unknown;
}

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

/** Asked for what calls are signed with; `renew`: what was given last time was refused. Undefined: calls go without. */
export type TokenSource = (asked: { readonly renew: boolean }) => string | undefined | Promise<string | undefined>;

/** Where the server is, who calls, and how patient the client is. */
export interface ContinuoClientOptions {
  /** The server's address, with the path that a proxy has put in front: `https://example.com/agents-api`. */
  readonly url: string;
  /** An API key of the server: `ck_…`. */
  readonly apiKey?: string | undefined;
  /** In place of `apiKey`: gives a token of the issuer for each request, and another one after a 401. */
  readonly token?: TokenSource | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Goes with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How often a request that failed in passing is sent again. Default: 5; 0: never. */
  readonly retries?: number | undefined;
  /** Milliseconds in which an answer has to begin, and then more of it to come, for each attempt. Default: 120,000. */
  readonly timeoutMs?: number | undefined;
  /** Told of each 401 that a renewed token does not help with. */
  readonly onUnauthenticated?: (() => void) | undefined;
}

/** How one call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: one that is made for this call, where the operation takes one. */
  readonly idempotencyKey?: string | undefined;
  /** See `ContinuoClientOptions`. */
  readonly retries?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

/** An answer whose body is still to be read. */
export interface Opened {
  readonly response: Response;
  /** What the request was signed with. */
  readonly bearer: string | undefined;
  /** Lets go of the signal of the call. */
  readonly done: () => void;
}

export class Transport {
  readonly #base: string;

  constructor(private readonly options: ContinuoClientOptions) {
    this.#base = addressOf(options).replace(/\/+$/, '');
  }

  /**
   * Calls an operation and gives its answer. What failed in passing (no answer, 408, 425, 429, 502, 503, 504) is sent again
   * under the same idempotency key, so that nothing is done twice. Throws ContinuoApiError.
   */
  async call<Id extends OperationId>(id: Id, given: Given<Id>, options: CallOptions = {}): Promise<Answer<Id>> {
    const { path, query, body }: Parts = given;
    const { method, takesKey } = operations[id];
    const key = options.idempotencyKey ?? (takesKey ? newKey() : undefined);
    const sendsBody = method !== 'GET' && method !== 'DELETE';
    const init = {
      method,
      ...(sendsBody ? { body: JSON.stringify(body ?? {}) } : {}),
      headers: {
        ...(sendsBody ? { 'content-type': 'application/json' } : {}),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
    };
    const read = async (response: Response): Promise<unknown> =>
      response.status === NO_CONTENT ? undefined : response.json();
    return (await this.send(this.urlOf(id, path, query), init, options, read)) as Answer<Id>;
  }

  /**
   * The address of an operation; undefined, null and empty parameters are left out. Throws ContinuoApiError, as the
   * server would, where the path would lead somewhere else.
   */
  urlOf(id: OperationId, path: Parts['path'] = {}, query: Query = {}): string {
    const filled = operations[id].path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segmentOf(name, path[name] ?? ''));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
    }
    return `${this.#base}${filled}${search.size === 0 ? '' : `?${search.toString()}`}`;
  }

  /** The address of a path below the server's. */
  address(path: string): string {
    return `${this.#base}${path}`;
  }

  /**
   * Sends a request that may be sent again, as `call` does, and reads its answer, which may break off and is then asked for
   * again as well. Throws ContinuoApiError for whatever is no success.
   */
  async send<Read>(
    url: string,
    init: RequestInit,
    options: CallOptions,
    read: (response: Response) => Promise<Read>,
  ): Promise<Read | undefined> {
    const { signal, retries = this.options.retries ?? MOST_RETRIES } = options;
    for (let failures = 0, mayBeDone = false; ;) {
      try {
        return await this.#sendOnce(url, init, options, read);
      } catch (error) {
        if (!(error instanceof ContinuoApiError)) throw error;
        // An attempt whose answer was lost has deleted it.
        if (mayBeDone && init.method === 'DELETE' && error.status === NOT_FOUND) return undefined;
        failures += 1;
        const isTooLong = (error.retryAfter ?? 0) > LONGEST_RETRY_AFTER_S;
        if (!isPassing(error) || failures > retries || isTooLong) throw error;
        mayBeDone ||= error.status === 0 || error.status > 500;
        await pause(pauseAfter(failures, error.retryAfter), signal);
        signal?.throwIfAborted();
      }
    }
  }

  /**
   * One attempt, or two where the credentials are renewed in between. What is read of the answer ends with `signal`, until
   * `done` is called, and when it falls silent for `timeoutMs`. Throws ContinuoApiError for whatever is no success, and the reason of `signal`.
   */
  async open(url: string, init: RequestInit, options: CallOptions = {}): Promise<Opened> {
    const first = await this.#attempt(url, init, options, await this.#bearer());
    const isRenewable = first.response.status === UNAUTHENTICATED && this.options.token !== undefined;
    const opened = isRenewable ? await this.#again(first, url, init, options) : first;
    const { response, done } = opened;
    if (response.ok || response.status === NOT_MODIFIED) return opened;
    if (response.status === UNAUTHENTICATED) this.options.onUnauthenticated?.();
    throw await errorOf(response).finally(done);
  }

  async #sendOnce<Read>(
    url: string,
    init: RequestInit,
    options: CallOptions,
    read: (response: Response) => Promise<Read>,
  ): Promise<Read> {
    const { response, done } = await this.open(url, init, options);
    try {
      return await read(response);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw unreachable(error);
    } finally {
      done();
    }
  }

  /** With other credentials, if there are any. */
  async #again(refused: Opened, url: string, init: RequestInit, options: CallOptions): Promise<Opened> {
    const renewed = await this.options.token?.({ renew: true });
    if (renewed === undefined || renewed === refused.bearer) return refused;
    await refused.response.body?.cancel().catch(() => undefined);
    refused.done();
    return this.#attempt(url, init, options, renewed);
  }

  async #bearer(): Promise<string | undefined> {
    return this.options.apiKey ?? this.options.token?.({ renew: false });
  }

  async #attempt(url: string, init: RequestInit, options: CallOptions, bearer: string | undefined): Promise<Opened> {
    const { signal, timeoutMs = this.options.timeoutMs ?? PATIENCE_MS } = options;
    const headers = new Headers(this.options.headers);
    new Headers(init.headers).forEach((value, name) => headers.set(name, value));
    if (bearer !== undefined) headers.set('authorization', `Bearer ${inHeader(bearer)}`);
    const { controller, unlink } = linkedTo(signal);
    const late = (): void => controller.abort(new DOMException('There was no answer in time.', 'TimeoutError'));
    const timer = setTimeout(late, timeoutMs);
    try {
      const { fetch = globalThis.fetch } = this.options;
      const response = await fetch(url, { ...init, headers, signal: controller.signal });
      return { response: withDeadline(response, timeoutMs, controller), bearer, done: unlink };
    } catch (error) {
      unlink();
      signal?.throwIfAborted();
      throw unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** `/tasks/` is the list of tasks, and addresses with dots lead upward. */
function segmentOf(name: string, value: string): string {
  if (!['', '.', '..'].includes(value)) return encodeURIComponent(value);
  const expected = 'something that a path can name';
  const message = `${name}: expected ${expected}, got ${JSON.stringify(value)}`;
  throw new ContinuoApiError(BAD_REQUEST, 'INVALID_ARGUMENT', message, { field: name, expected });
}

/** Throws TypeError for what is no key and no token. What is set as a header is shown when it can't be one. */
function inHeader(bearer: string): string {
  if (/^[\x21-\x7e]+$/.test(bearer)) return bearer;
  throw new TypeError('The API key or token is none: it holds white space, or characters that no header may hold.');
}

/** Throws TypeError for what no request can be sent to. Pages may say where it is on their own server: `/`. */
function addressOf(options: Partial<ContinuoClientOptions> | undefined): string {
  const url: unknown = options?.url;
  if (typeof url === 'string' && (/^https?:\/\/./i.test(url) || /^(?:[/.]|$)/.test(url))) return url;
  const found = typeof url === 'string' ? JSON.stringify(url) : typeof url;
  throw new TypeError(`ContinuoClient: url: found ${found}, expected an address as https://agents.example`);
}
