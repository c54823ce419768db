/** Which server a command talks to, and as whom: the only place that makes requests of the HTTP API. */
import { readFileSync } from 'node:fs';
import { CommandFailedError } from '../terminal/failure.js';
import { messageOf } from '../terminal/message-of.js';

export interface ServerOptions {
  readonly url?: string;
  readonly keyFile?: string;
}

const TIMEOUT_MS = 30_000;
const DEFAULT_PORT = '4000';

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: 30 seconds. */
  readonly timeoutMs?: number;
  /** Ends the request in place of a time limit. */
  readonly signal?: AbortSignal;
}

/** `--url`, `CONTINUO_URL`, or this machine's on `PORT`. Throws CommandFailedError for what is no address or no key. */
export function serverOf(options: ServerOptions, env: NodeJS.ProcessEnv): Server {
  const given = options.url ?? (env['CONTINUO_URL'] || undefined);
  const url = given ?? `http://127.0.0.1:${env['PORT'] || DEFAULT_PORT}`;
  if (!/^https?:\/\/[^\s/]/.test(url) || !URL.canParse(url)) {
    throw new CommandFailedError(
      `${options.url === undefined ? 'CONTINUO_URL' : '--url'}: expected an address as https://agents.example, got ${JSON.stringify(url)}.`,
    );
  }
  return new Server(url.replace(/\/+$/, ''), keyOf(options, env), given === undefined);
}

function keyOf({ keyFile }: ServerOptions, env: NodeJS.ProcessEnv): string | undefined {
  if (keyFile === undefined) return env['CONTINUO_API_KEY']?.trim() || undefined;
  try {
    const key = readFileSync(keyFile, 'utf8').trim();
    if (key === '') throw new Error('it is empty');
    return key;
  } catch (error) {
    throw new CommandFailedError(`--key-file ${keyFile} can't be read: ${messageOf(error)}.`);
  }
}

/** The answer was an error; the message is for people, `status` is HTTP's. */
export class ServerError extends CommandFailedError {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export class Server {
  readonly #key: string | undefined;

  constructor(
    readonly url: string,
    key: string | undefined,
    /** Nobody has named it. */
    readonly isAssumed: boolean,
  ) {
    this.#key = key;
  }

  get hasKey(): boolean {
    return this.#key !== undefined;
  }

  async json<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
    const response = await this.request(path, options);
    if (response.status === 204) return undefined as Answer;
    return (await response.json().catch(() => {
      throw new CommandFailedError(`${this.url} answered ${path} with something that is no JSON: is it a Continuo?`);
    })) as Answer;
  }

  /** Throws ServerError when the answer is an error, CommandFailedError when there is none. */
  async request(path: string, options: RequestOptions = {}): Promise<Response> {
    const { method = 'GET', query = {}, body, headers = {}, timeoutMs = TIMEOUT_MS, signal } = options;
    const url = new URL(`${this.url}${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined || body instanceof Uint8Array ? {} : { 'content-type': 'application/json' }),
        ...(this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
      // Who follows a stream ends it; nothing else may take for ever.
      signal: signal ?? AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw this.#unreachable(error);
    });
    if (!response.ok) throw await this.#errorOf(response);
    return response;
  }

  #unreachable(error: unknown): CommandFailedError {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const remedy = this.isAssumed
      ? 'Start one with `continuo dev`, or name another one with --url or CONTINUO_URL.'
      : 'Check --url or CONTINUO_URL, and that the server runs.';
    return new CommandFailedError(`No server answers at ${this.url} (${messageOf(cause)}). ${remedy}`, 2, {
      cause: error,
    });
  }

  async #errorOf(response: Response): Promise<ServerError> {
    const body = (await response.json().catch(() => undefined)) as
      | { readonly error?: { readonly message?: unknown } }
      | undefined;
    const said = body?.error?.message;
    const message = typeof said === 'string' ? said : `${this.url} answered with ${response.status}.`;
    return new ServerError(`${message}${this.#remedy(response.status)}`, response.status);
  }

  #remedy(status: number): string {
    if (status === 401) {
      return this.hasKey
        ? ' The key was not accepted: check --key-file or CONTINUO_API_KEY.'
        : ' Hand in a key with --key-file or CONTINUO_API_KEY.';
    }
    return status === 403 ? ' `continuo keys create --scopes …` makes a key that may.' : '';
  }
}
