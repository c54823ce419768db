/** Which server a command talks to, as whom, and what is said when it refuses or can't be reached. */
import {
  ContinuoApiError,
  ContinuoClient,
  type Answer,
  type CallOptions,
  type Given,
  type OperationId,
} from '@continuo/client';
import { readFileSync } from 'node:fs';
import { CommandFailedError } from '../terminal/failure.js';
import { messageOf } from '../terminal/message-of.js';

export interface ServerOptions {
  readonly url?: string;
  readonly keyFile?: string;
}

const TIMEOUT_MS = 30_000;
const DEFAULT_PORT = '4000';

/** `--url` or `CONTINUO_URL`; undefined where nobody has named a server. */
export function urlGiven({ url }: ServerOptions, env: NodeJS.ProcessEnv): string | undefined {
  return url ?? (env['CONTINUO_URL'] || undefined);
}

/** The one that is named, or this machine's on `PORT`. Throws CommandFailedError for what is no address or no key. */
export function serverOf(options: ServerOptions, env: NodeJS.ProcessEnv): Server {
  const given = urlGiven(options, env);
  const url = given ?? `http://127.0.0.1:${env['PORT'] || DEFAULT_PORT}`;
  if (!/^https?:\/\/[^\s/]/.test(url) || !URL.canParse(url)) {
    throw new CommandFailedError(
      `${options.url === undefined ? 'CONTINUO_URL' : '--url'}: expected an address as https://agents.example, got ${JSON.stringify(url)}.`,
    );
  }
  return new Server(url.replace(/\/+$/, ''), keyOf(options, env), given === undefined);
}

function keyOf({ keyFile }: ServerOptions, env: NodeJS.ProcessEnv): string | undefined {
  if (keyFile === undefined) {
    const key = env['CONTINUO_API_KEY']?.trim() || undefined;
    return key === undefined ? undefined : checkedKey('CONTINUO_API_KEY', key);
  }
  let key: string;
  try {
    key = readFileSync(keyFile, 'utf8').trim();
    if (key === '') throw new Error('it is empty');
  } catch (error) {
    throw new CommandFailedError(`--key-file ${keyFile} can't be read: ${messageOf(error)}.`);
  }
  return checkedKey(`--key-file ${keyFile}`, key);
}

/** Throws CommandFailedError, which shows nothing of the key. */
function checkedKey(place: string, key: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new CommandFailedError(`${place}: expected a key or a token and nothing beside it, as ck_…`);
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
  /** Its errors are the client's own: `told` and `toldOf` say them as a command does. */
  readonly client: ContinuoClient;

  constructor(
    readonly url: string,
    private readonly key: string | undefined,
    /** Nobody has named it. */
    readonly isAssumed: boolean,
  ) {
    // Whoever waits at a terminal is told at once, and tries again.
    this.client = new ContinuoClient({
      url,
      retries: 0,
      timeoutMs: TIMEOUT_MS,
      ...(key === undefined ? {} : { apiKey: key }),
    });
  }

  /** Throws ServerError when the answer is an error, CommandFailedError when there is none. */
  call<Id extends OperationId>(id: Id, given: Given<Id>, options?: CallOptions): Promise<Answer<Id>> {
    return this.told(this.client.call(id, given, options));
  }

  /** One GET of an address of the server, as `read` reads its answer; also what breaks off in it is said as `call` does. */
  async read<Read>(address: string, read: (response: Response) => Promise<Read>, signal?: AbortSignal): Promise<Read> {
    const response = await this.told(this.client.fetch(address, {}, { signal }));
    try {
      return await read(response);
    } catch (error) {
      signal?.throwIfAborted();
      throw this.brokenOff(error);
    }
  }

  /** Of an answer that had begun. */
  brokenOff(error: unknown): CommandFailedError {
    if (error instanceof CommandFailedError) return error;
    if (error instanceof SyntaxError) return this.#noJson();
    return new CommandFailedError(`The answer of ${this.url} broke off (${messageOf(causeOf(error))}). Try again.`, 2, {
      cause: error,
    });
  }

  /** What the client makes, with errors as `call` throws them. */
  async told<Made>(made: Promise<Made>): Promise<Made> {
    return made.catch((error: unknown) => {
      throw this.#inWords(error);
    });
  }

  /** What the client streams, with errors as `call` throws them. */
  async *toldOf<Event>(events: AsyncIterable<Event>): AsyncGenerator<Event, void> {
    try {
      yield* events;
    } catch (error) {
      throw this.#inWords(error);
    }
  }

  #inWords(error: unknown): unknown {
    if (!(error instanceof ContinuoApiError)) return error;
    const { status, reason, cause } = error;
    if (cause instanceof SyntaxError) return this.#noJson();
    if (status === 0) return this.#unreachable(cause);
    const message = reason === 'UNKNOWN' ? `${this.url} answered with ${status}.` : error.message;
    return new ServerError(`${message}${this.#remedy(status)}`, status);
  }

  #noJson(): CommandFailedError {
    return new CommandFailedError(`${this.url} answered with something that is no JSON: is it a Continuo?`);
  }

  #unreachable(error: unknown): CommandFailedError {
    const cause = causeOf(error);
    const remedy = this.isAssumed
      ? 'Start one with `continuo dev`, or name another one with --url or CONTINUO_URL.'
      : 'Check --url or CONTINUO_URL, and that the server runs.';
    return new CommandFailedError(`No server answers at ${this.url} (${messageOf(cause)}). ${remedy}`, 2, {
      cause: error,
    });
  }

  #remedy(status: number): string {
    if (status === 401) {
      return this.key === undefined
        ? ' Hand in a key with --key-file or CONTINUO_API_KEY.'
        : ' The key was not accepted: check --key-file or CONTINUO_API_KEY.';
    }
    return status === 403 ? ' `continuo keys create --scopes …` makes a key that may.' : '';
  }
}

/** `fetch` hides why behind "fetch failed" and "terminated". */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}
