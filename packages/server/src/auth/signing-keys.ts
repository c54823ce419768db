/** The keys that the server signs with: cards and webhooks; all instances sign with the same, and publish all that are valid. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf, unavailable } from '@continuo/agent/internal/platform/errors.js';
import { BackgroundLoop } from '../platform/background-loop.js';
import type { Database, Queryable } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import type { PrivateKey } from '../platform/private-keys.js';
import { deleteSigningKeys, insertSigningKey, readSigningKeys, type KeptKey } from './signing-key-rows.js';

/** Whoever verifies cards and tokens of others can verify these. */
const ALGORITHM = 'ES256';
const DAY_MS = 24 * 60 * 60 * 1000;
/** How soon an instance knows of a key that another one has made. */
const LOOK_EVERY_MS = 2_000;
/** A key is published for so long before it signs. */
const AHEAD_MS = 60 * 60 * 1000;
/** The same for one that somebody has asked for: until every instance publishes it. */
const SOON_MS = 3 * LOOK_EVERY_MS;
/** What a key has signed can be verified for so long after another one has taken over. */
const KEPT_MS = 30 * DAY_MS;

export interface SigningOptions {
  /** Of the environment, the first of which signs; none: those of the database. */
  readonly signingKeys: readonly PrivateKey[];
  /** Days after which a key of the database is replaced; 0: never. */
  readonly signingRotationDays: number;
  /** Who tokens say they come from. */
  readonly publicUrl: string | undefined;
}

/** What signs now. */
export interface Signer {
  readonly kid: string;
  readonly alg: string;
  readonly key: CryptoKey;
}

interface UsableKey extends Signer {
  readonly publicKey: JWK;
}

export class SigningKeys {
  readonly #loop: BackgroundLoop;
  readonly #usable = new Map<string, UsableKey>();
  #given: readonly UsableKey[] = [];
  #kept: readonly (UsableKey & Pick<KeptKey, 'signsAt'>)[] = [];

  constructor(
    private readonly database: Database,
    private readonly options: SigningOptions,
    private readonly clock: Clock,
    log: Log,
  ) {
    const failed = (error: unknown): void =>
      log.debug({ err: messageOf(error) }, 'the signing keys were not looked at');
    this.#loop = new BackgroundLoop(() => this.#look(), LOOK_EVERY_MS, failed, clock);
  }

  /** Resolves when there is a key to sign with. */
  async start(): Promise<void> {
    this.#given = await Promise.all(this.options.signingKeys.map((key) => this.#use(key)));
    await this.#look();
    this.#loop.start(LOOK_EVERY_MS);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Throws UNAVAILABLE before the start. */
  signer(): Signer {
    const now = this.clock.now();
    const signer = this.#given[0] ?? this.#kept.findLast(({ signsAt }) => signsAt <= now) ?? this.#kept[0];
    if (signer === undefined) throw unavailable();
    return signer;
  }

  /** The public keys of everything that was signed and can still be verified, and of what will be, as a JWK set. */
  jwks(): { readonly keys: readonly JWK[] } {
    const keys = [...this.#given, ...this.#kept].map(({ publicKey }) => publicKey);
    return { keys: [...new Map(keys.map((key) => [key.kid, key])).values()] };
  }

  /** A JWT with these claims, of the public address; `expiresInSeconds` after `now` it is worth nothing. */
  token(claims: Readonly<Record<string, unknown>>, now: Date, expiresInSeconds: number): Promise<string> {
    const { kid, alg, key } = this.signer();
    const { publicUrl: iss } = this.options;
    return new SignJWT({ ...(iss === undefined ? {} : { iss }), ...claims })
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .setIssuedAt(now)
      .setExpirationTime(new Date(now.getTime() + expiresInSeconds * 1000))
      .sign(key);
  }

  async #look(): Promise<void> {
    const now = this.clock.now();
    const rows = await this.#rotated(await readSigningKeys(this.database), now);
    const gone = rows.filter((_, index) => isOver(rows[index + 1], now));
    if (gone.length > 0) await deleteSigningKeys(this.database, numbersOf(gone));
    const kept = rows.filter((row) => !gone.includes(row));
    this.#kept = await Promise.all(
      kept.map(async ({ privateKey, signsAt }) => ({ ...(await this.#use(privateKey)), signsAt })),
    );
  }

  /** With a key, and with its successor when it is old. */
  async #rotated(rows: readonly KeptKey[], now: Date): Promise<readonly KeptKey[]> {
    const { signingKeys, signingRotationDays: days } = this.options;
    const last = rows.at(-1);
    const old = last !== undefined && days > 0 && now.getTime() - last.signsAt.getTime() >= days * DAY_MS;
    if (signingKeys.length > 0 || (last !== undefined && !old)) return rows;
    const signsAt = last === undefined ? now : new Date(now.getTime() + AHEAD_MS);
    const { privateKey } = await newKey();
    await insertSigningKey(this.database, { number: (last?.number ?? 0) + 1, privateKey, signsAt }, now);
    return readSigningKeys(this.database);
  }

  async #use(privateKey: JWK): Promise<UsableKey> {
    const kid = privateKey.kid ?? (await calculateJwkThumbprint(privateKey));
    const known = this.#usable.get(kid);
    if (known !== undefined) return known;
    const { alg = ALGORITHM, kty, crv, x, y, n, e } = privateKey;
    const key = (await importJWK({ ...privateKey }, alg)) as CryptoKey;
    const parts = Object.entries({ kty, crv, x, y, n, e }).filter(([, part]) => part !== undefined);
    const publicKey = { ...(Object.fromEntries(parts) as JWK), kid, alg, use: 'sig' };
    const usable = { kid, alg, key, publicKey };
    this.#usable.set(kid, usable);
    return usable;
  }
}

/**
 * A new key signs as soon as all instances publish it; `withdraw`: those before it verify nothing any more. Answers with its
 * kid, and when it begins to sign. Throws Error when somebody else does the same at this moment.
 */
export async function rotateSigningKey(
  database: Queryable,
  clock: Clock,
  { withdraw }: { readonly withdraw: boolean },
): Promise<{ readonly kid: string; readonly signsAt: Date }> {
  const rows = await readSigningKeys(database);
  const now = clock.now();
  const { privateKey, kid } = await newKey();
  const signsAt = withdraw ? now : new Date(now.getTime() + SOON_MS);
  const made = await insertSigningKey(database, { number: (rows.at(-1)?.number ?? 0) + 1, privateKey, signsAt }, now);
  if (!made) throw new Error('Another key was made at the same moment; try again.');
  if (withdraw) await deleteSigningKeys(database, numbersOf(rows));
  return { kid, signsAt };
}

async function newKey(): Promise<{ readonly kid: string; readonly privateKey: JWK }> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey: { ...jwk, kid, alg: ALGORITHM } };
}

/** Whether nothing that a key has signed is to be verified any more: a while after its successor has taken over. */
function isOver(successor: KeptKey | undefined, now: Date): boolean {
  return successor !== undefined && now.getTime() - successor.signsAt.getTime() >= KEPT_MS;
}

function numbersOf(keys: readonly KeptKey[]): readonly number[] {
  return keys.map(({ number }) => number);
}
