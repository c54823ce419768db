/** Tokens of an OpenID Connect issuer: checked with its public keys, which are fetched again when it rotates them. */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type RemoteJWKSet,
} from 'jose';
import { z } from 'zod';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { isStorableText } from '@continuo/agent/internal/platform/storable.js';
import { scopes, type Scope } from '../platform/caller.js';
import type { Config } from '../platform/config.js';
import { Cooldown } from '../platform/cooldown.js';
import { counted, DOCUMENT_BOUNDS } from '../platform/egress/counted-answers.js';
import { isWrongSignature, signatureAlgorithms } from '../platform/signatures.js';
import { unauthenticated, type Principal } from './principal.js';

interface TokenOptions {
  /** As the claim `iss` has it. */
  readonly issuer: string;
  readonly audience: string;
  /** Undefined: where the issuer's discovery document says. */
  readonly jwksUrl: string | undefined;
  readonly ownerClaim: string;
  /** Undefined: everybody is in the tenant `default`. */
  readonly tenantClaim: string | undefined;
  /** Of a token that names none of ours. */
  readonly scopes: readonly Scope[];
}

/** How far the issuer's clock may be off. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** How soon the issuer is asked again, for a key that is not known or after a failure: nobody can cause a flood. */
const COOLDOWN_MS = 5_000;
/** After how long a key that the issuer has withdrawn opens nothing any more. */
const KEYS_MS = 300_000;
const DISCOVERY_MS = 5_000;
const fetchDocument = counted((input, init) => fetch(input, init), DOCUMENT_BOUNDS);
const MOST_CHARACTERS = 256;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/** Undefined without the scheme `jwt`. */
export function tokensFrom(config: Config, clock: Clock): Tokens | undefined {
  const { jwtIssuer: issuer, jwtAudience: audience } = config;
  if (!config.auth.includes('jwt') || issuer === undefined || audience === undefined) return undefined;
  return new Tokens(
    {
      issuer,
      audience,
      jwksUrl: config.jwtJwksUrl,
      ownerClaim: config.jwtOwnerClaim,
      tenantClaim: config.jwtTenantClaim,
      scopes: config.jwtScopes,
    },
    clock,
  );
}

export class Tokens {
  #keys: Promise<RemoteJWKSet> | undefined;
  readonly #issuer: Cooldown;

  constructor(
    private readonly options: TokenOptions,
    private readonly clock: Clock,
  ) {
    this.#issuer = new Cooldown(COOLDOWN_MS, clock);
  }

  /** Throws UNAUTHENTICATED for what is no valid token, and UNAVAILABLE when the issuer's keys can't be had. */
  async principalOf(token: string): Promise<Principal> {
    const { issuer, audience, ownerClaim, tenantClaim } = this.options;
    let payload: JWTPayload;
    try {
      const keys = await (this.#keys ??= this.#findKeys());
      ({ payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: signatureAlgorithms,
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: this.clock.now(),
      }));
    } catch (error) {
      if (isWrongSignature(error)) {
        throw unauthenticated(`The token is not valid: ${error.message}.`);
      }
      throw new ContinuoError('UNAVAILABLE', 'The keys of the token’s issuer cannot be reached. Try again.', {
        retryAfterSeconds: COOLDOWN_MS / 1_000,
        cause: error,
      });
    }
    const owner = nameIn(payload, ownerClaim);
    const tenant = tenantClaim === undefined ? 'default' : nameIn(payload, tenantClaim);
    return { caller: { tenant, owner }, scopes: scopesOf(payload, this.options.scopes) };
  }

  async #findKeys(): Promise<RemoteJWKSet> {
    try {
      const url = this.options.jwksUrl ?? (await this.#issuer.run(() => discover(this.options.issuer)));
      return createRemoteJWKSet(new URL(url), {
        cooldownDuration: COOLDOWN_MS,
        cacheMaxAge: KEYS_MS,
        [customFetch]: (...asked) => this.#issuer.run(() => fetchKeys(...asked)),
      });
    } catch (error) {
      this.#keys = undefined;
      throw error;
    }
  }
}

/** Throws for an answer that holds no keys, too. */
async function fetchKeys(...asked: Parameters<typeof fetchDocument>): Promise<Response> {
  const response = await fetchDocument(...asked);
  if (response.status !== 200) throw new Error(`The issuer's keys were answered with ${response.status}.`);
  const keys = (await response.json()) as JSONWebKeySet;
  createLocalJWKSet(keys);
  return Response.json(keys);
}

/** Where the issuer says that its keys are. */
async function discover(issuer: string): Promise<string> {
  const response = await fetchDocument(discoveryUrl(issuer), {
    redirect: 'error',
    signal: AbortSignal.timeout(DISCOVERY_MS),
    headers: { accept: 'application/json' },
  });
  if (!response.ok) throw new Error(`The discovery document of ${issuer} was answered with ${response.status}.`);
  const found = discovery.parse(await response.json());
  if (found.issuer !== issuer) throw new Error(`The discovery document of ${issuer} is that of ${found.issuer}.`);
  return found.jwks_uri;
}

function nameIn(payload: JWTPayload, claim: string): string {
  const value = payload[claim];
  if (typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS && isStorableText(value)) {
    return value;
  }
  throw unauthenticated(
    `The token is not valid: its claim ${claim} must be text of 1 to ${MOST_CHARACTERS} characters.`,
  );
}

/** Of the claim `scope` (RFC 8693) or `scp`, those that are ours, also as `continuo:read`. */
function scopesOf(payload: JWTPayload, otherwise: readonly Scope[]): readonly Scope[] {
  const claimed = payload['scope'] ?? payload['scp'];
  const named = typeof claimed === 'string' ? claimed.split(' ') : Array.isArray(claimed) ? claimed : [];
  const granted = scopes.filter((scope) => named.includes(scope) || named.includes(`continuo:${scope}`));
  return granted.length === 0 ? otherwise : granted;
}
