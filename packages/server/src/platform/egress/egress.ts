/** Calls to addresses that others name: judged when the connection is made, on the very address that is connected to. */
import { isIP } from 'node:net';
import type { Agent, buildConnector, RequestInit as UndiciRequest } from 'undici';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { addressKind, AllowList } from './addresses.js';
import { Names } from './names.js';
import { readStart } from './read-start.js';

const CONNECT_MS = 5_000;
const MOST_ADDRESSES = 4;

export interface EgressOptions {
  /** Listed hosts and networks may be called whatever they are. */
  readonly allow: readonly string[];
  /** Plain HTTP and loopback addresses are allowed, too: for a server that serves its own machine alone. */
  readonly local: boolean;
  /** Plain HTTP is allowed to what is listed, too: for addresses that the operator names. Default: false. */
  readonly plainToListed?: boolean;
  /** Every address of a host name. Default: see `Names`. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export interface EgressRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For everything from the look-up of the name to the end of the answer; milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface EgressAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** How the body begins. */
  readonly start: string;
}

/** The address must not be called; the message says why. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused';
}

/** One for the process, as its threads are. */
const names = new Names();

interface Undici extends Pick<typeof import('undici'), 'request' | 'fetch'> {
  readonly agent: Agent;
}

export class Egress {
  readonly #allow: AllowList;
  #undici: Promise<Undici> | undefined;
  readonly #resolve: (host: string) => Promise<readonly string[]>;

  constructor(private readonly options: EgressOptions) {
    this.#allow = new AllowList(options.allow);
    this.#resolve = options.resolve ?? ((host) => names.addresses(host));
  }

  /** Loaded with the first call: a server that starts does without it. */
  #calls(): Promise<Undici> {
    this.#undici ??= this.#load();
    return this.#undici;
  }

  async #load(): Promise<Undici> {
    const { Agent: Connections, buildConnector: connectorOf, request, fetch } = await import('undici');
    const connect = connectorOf({ timeout: CONNECT_MS });
    const agent = new Connections({
      connect: (to, callback) => {
        this.#connect(connect, to).then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error)), null),
        );
      },
    });
    return { agent, request, fetch };
  }

  /**
   * What can be said of a URL without looking its host up. Throws INVALID_ARGUMENT for `field`; the address itself is
   * judged when it is connected to.
   */
  check(url: string, field: string): void {
    const expected = this.options.local ? 'an http:// or https:// URL' : 'an https:// URL';
    const refuse = (reason: string): never => {
      throw new ContinuoError('INVALID_ARGUMENT', `${field}: ${reason}`, { field, expected });
    };
    if (!URL.canParse(url)) return refuse(`expected ${expected}`);
    const { protocol, hostname, username, password } = new URL(url);
    if (username !== '' || password !== '') return refuse('expected a URL without a user name and password');
    try {
      this.#judge(protocol, unbracketed(hostname), isIP(unbracketed(hostname)) === 0 ? [] : [unbracketed(hostname)]);
    } catch (error) {
      refuse(messageOf(error));
    }
  }

  /** One POST, without following redirects; throws when there is no answer. */
  async post(url: string, { headers, body, timeoutMs, signal }: EgressRequest): Promise<EgressAnswer> {
    const { request, agent } = await this.#calls();
    signal.throwIfAborted();
    const over = new AbortController();
    // Not AbortSignal.any: with a signal that lives as long as the server, Node 20 keeps something of each.
    const cut = (): void => over.abort(signal.reason);
    signal.addEventListener('abort', cut);
    const timer = setTimeout(() => over.abort(new Error('There was no answer in time.')), timeoutMs);
    try {
      const to = { method: 'POST', headers, body, dispatcher: agent, signal: over.signal } as const;
      const { statusCode, headers: answered, body: said } = await request(url, to);
      const retryAfter = answered['retry-after'];
      const start = await readStart(said);
      return { status: statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined, start };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cut);
    }
  }

  /** `fetch` under the same guard, which holds for every redirect that is followed. */
  async fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const { fetch, agent } = await this.#calls();
    // Node's own types of the same things are those of an older undici.
    const toUndici = { ...init, dispatcher: agent } as UndiciRequest;
    return fetch(url, toUndici);
  }

  /**
   * The addresses of a host, for whoever connects to them by itself; `protocol` is http: where it does so without TLS. Throws
   * EgressRefused.
   */
  async addresses(protocol: string, host: string): Promise<readonly string[]> {
    const found = isIP(host) === 0 ? await this.#resolve(host) : [host];
    this.#judge(protocol, host, found);
    if (found.length === 0) throw new Error(`${host} has no address.`);
    return found.slice(0, MOST_ADDRESSES);
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    await (await this.#undici)?.agent.destroy();
  }

  async #connect(
    connect: buildConnector.connector,
    to: buildConnector.Options,
  ): Promise<Extract<Parameters<buildConnector.Callback>[1], object>> {
    const host = unbracketed(to.hostname);
    let last: unknown;
    for (const hostname of await this.addresses(to.protocol, host)) {
      try {
        return await new Promise((resolve, reject) => {
          connect({ ...to, hostname }, (error, socket) => {
            // Of a failure undici says the error alone, whatever its types say.
            if (socket == null) reject(error ?? new Error(`no connection to ${host}`));
            else resolve(socket);
          });
        });
      } catch (error) {
        last = namingTheHost(error, hostname, host);
      }
    }
    throw last;
  }

  /** Every address of the host has to be allowed: which of them answers is not for its owner to choose. */
  #judge(protocol: string, host: string, addresses: readonly string[]): void {
    const { local, plainToListed = false } = this.options;
    if (protocol !== 'https:' && !(protocol === 'http:' && (local || plainToListed))) {
      throw new EgressRefused(local ? 'only http:// and https:// are called' : 'only https:// is called');
    }
    if (this.#allow.hasHost(host)) return;
    if (protocol === 'http:' && !local && !addresses.every((address) => this.#allow.hasAddress(address))) {
      throw new EgressRefused(`plain http:// is for hosts that CONTINUO_WEBHOOK_ALLOW lists, and ${host} is none`);
    }
    for (const address of addresses) {
      const kind = addressKind(address);
      if (kind === 'public' || this.#allow.hasAddress(address)) continue;
      if (kind === 'loopback' && local) continue;
      // Not which: whoever names a host must not learn what its name means in this network.
      throw new EgressRefused(`${host} is not a public address (CONTINUO_WEBHOOK_ALLOW can list it)`);
    }
  }
}

/** What Node and undici say of a failed connection names the address, which is nothing for whoever named the host. */
function namingTheHost(error: unknown, address: string, host: string): Error {
  const said = new Error(messageOf(error).replaceAll(address, host));
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === undefined ? said : Object.assign(said, { code });
}

/** As in a URL: an IPv6 address comes in brackets. */
function unbracketed(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
