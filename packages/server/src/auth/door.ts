/** The door: finds out who makes a request before any endpoint sees it, and keeps looking while the request is open. */
import type { Request, RequestHandler, Response } from 'express';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { AuthScheme } from '../platform/config-variables.js';
import type { CallerLimits } from '../platform/caller-limits.js';
import type { Log } from '../platform/log.js';
import type { Answer } from '../platform/sse.js';
import { looksLikeKey } from './api-key.js';
import type { ApiKeys } from './api-keys.js';
import type { FailedSignIns } from './failed-sign-ins.js';
import { admit, localPrincipal, unauthenticated, principalOf, type Principal } from './principal.js';
import type { Tokens } from './tokens.js';

/** For clients and gateways that send keys as A2A's API key scheme has it. */
export const API_KEY_HEADER = 'X-API-Key';
/** How long a stream outlives the key or token that it was opened with, at the most. */
const LOOK_AGAIN_MS = 5_000;
/** Streams and files say more. */
const forOneCaller = ['Cache-Control', 'private, no-store'] as const;
const AGENT = /^\/(?:agents|ag-ui|ai-sdk)\/([^/]+\/[^/]+)(?:\/|$)/i;
/** Protocols whose calls name their agent in the body look at it themselves (protocols/named-agent.ts). */
const NAMED_IN_BODY = /^\/(?:v1|mcp)(?:\/|$)/i;

export interface DoorParts {
  /** None: the local mode. */
  readonly schemes: readonly AuthScheme[];
  readonly keys: ApiKeys;
  /** Undefined without the scheme `jwt`. */
  readonly tokens: Tokens | undefined;
  readonly limits: CallerLimits;
  readonly failed: FailedSignIns;
  readonly log: Log;
}

/** What may be broken off while it is answered. */
type Closable = Answer & { destroy(): unknown };

/** The value of a header of a call, whatever the transport. */
export type HeaderOf = (name: string) => string | undefined;

export class Door {
  /** The credentials of the requests that are open. */
  readonly #open = new Map<Closable, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly parts: DoorParts) {
    this.#timer = setInterval(() => void this.#lookAgain(), LOOK_AGAIN_MS).unref();
  }

  /** For everything that is not public. Passes UNAUTHENTICATED or PERMISSION_DENIED on, with `WWW-Authenticate` set. */
  readonly enter: RequestHandler = (request, response, next) => {
    if (this.parts.schemes.length === 0) return next(this.#refuseLocal(request, response));
    this.#enter(request, response)
      .then(() => this.parts.limits.countRequest(principalOf(request).caller))
      .then(() => next(), next);
  };

  /**
   * For calls that come another way than HTTP: who makes one with these headers. Throws UNAUTHENTICATED, and RATE_LIMITED
   * when there were too many.
   */
  async admit(header: HeaderOf): Promise<Principal> {
    const { schemes, limits } = this.parts;
    const principal = schemes.length === 0 ? localPrincipal : await this.#signIn(credentialsIn(header), undefined);
    limits.countRequest(principal.caller);
    return principal;
  }

  /** Breaks `answer` off when the credentials in the headers of its call hold no more. */
  watch(header: HeaderOf, answer: Closable): void {
    if (this.parts.schemes.length > 0) this.#watch(credentialsIn(header), answer);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Lets everybody in; what is wrong, when there were too many requests. */
  #refuseLocal(request: Request, response: Response): unknown {
    response.setHeader(...forOneCaller);
    admit(request, localPrincipal);
    try {
      this.parts.limits.countRequest(localPrincipal.caller);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #enter(request: Request, response: Response): Promise<void> {
    response.setHeader(...forOneCaller);
    const credentials = credentialsIn((name) => request.get(name));
    try {
      const principal = await this.#signIn(credentials, request.socket.remoteAddress);
      const path = `${request.baseUrl}${request.path}`;
      if (!NAMED_IN_BODY.test(path)) refuseOtherAgents(principal, AGENT.exec(path)?.[1]);
      admit(request, principal);
    } catch (error) {
      if (error instanceof ContinuoError && error.code === 'UNAUTHENTICATED') {
        const wrong = credentials === undefined ? '' : ', error="invalid_token"';
        response.setHeader('WWW-Authenticate', `Bearer realm="continuo"${wrong}`);
      }
      throw error;
    }
    this.#watch(credentials, response);
  }

  #watch(credentials: string | undefined, answer: Closable): void {
    if (credentials === undefined || answer.destroyed) return;
    this.#open.set(answer, credentials);
    answer.once('close', () => this.#open.delete(answer));
  }

  /** Who makes a request that came from the address `source`. */
  async #signIn(credentials: string | undefined, source: string | undefined): Promise<Principal> {
    try {
      return await this.#principalOf(credentials);
    } catch (error) {
      const isRefused = error instanceof ContinuoError && error.code === 'UNAUTHENTICATED';
      if (isRefused && credentials !== undefined) this.parts.failed.note(credentials, source);
      throw error;
    }
  }

  async #principalOf(credentials: string | undefined): Promise<Principal> {
    const { schemes, keys, tokens } = this.parts;
    if (credentials === undefined) throw unauthenticated(`This needs ${wanted(schemes)}.`);
    if (schemes.includes('keys') && looksLikeKey(credentials)) {
      const key = await keys.find(credentials);
      if (key === undefined) throw unauthenticated('The API key is wrong, expired or revoked.');
      const { tenant, owner, scopes, agents } = key;
      return { caller: { tenant, owner }, scopes, agents };
    }
    if (tokens === undefined) throw unauthenticated('This is no API key of this server.');
    return tokens.principalOf(credentials);
  }

  /** Breaks off what was opened with credentials that hold no more. */
  async #lookAgain(): Promise<void> {
    const looks = [...this.#open].map(async ([response, credentials]) => {
      try {
        await this.#principalOf(credentials);
      } catch (error) {
        if (error instanceof ContinuoError && error.code === 'UNAUTHENTICATED') response.destroy();
        else this.parts.log.debug({ err: messageOf(error) }, 'whether a stream may go on will be asked again');
      }
    });
    await Promise.all(looks);
  }
}

/** The credentials of `Authorization: Bearer …`, or else a key in a header of its own; undefined without any. */
function credentialsIn(header: HeaderOf): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(header('authorization') ?? '')?.[1];
  return bearer ?? (header(API_KEY_HEADER.toLowerCase())?.trim() || undefined);
}

function wanted(schemes: readonly AuthScheme[]): string {
  const named = schemes.map((scheme) => (scheme === 'keys' ? 'an API key' : 'a token of the issuer')).join(' or ');
  return `Authorization: Bearer with ${named}${schemes.includes('keys') ? `, or ${API_KEY_HEADER} with an API key` : ''}`;
}

/** Throws PERMISSION_DENIED for whoever may call some agents alone, and asks for anything else. */
export function refuseOtherAgents({ agents }: Principal, agent: string | undefined): void {
  if (agents === undefined) return;
  if (agent !== undefined && agents.includes(agent)) return;
  throw new ContinuoError('PERMISSION_DENIED', `This key is for ${agents.join(', ')} alone.`);
}
