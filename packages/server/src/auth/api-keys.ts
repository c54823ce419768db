/** API keys: made, listed and revoked by admins, and looked up for every request, so that a revoked one is out at once. */
import { z } from 'zod';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { isId, newId } from '@continuo/agent/internal/platform/ids.js';
import { recordAudit, type AuditEntry } from './audit-log.js';
import { Batcher } from '../platform/batcher.js';
import type { Caller, Scope } from '../platform/caller.js';
import { Cursor } from '../platform/cursor.js';
import { orUnavailable, type Database, type Queryable } from '../platform/database.js';
import type { Log } from '../platform/log.js';
import { hashOf, isKeyOf, newKey, prefixOf, type ApiKey } from './api-key.js';
import { findKeys, insertKey, listKeys, noteUse, readKey, revokeKey, type StoredKey } from './key-rows.js';

const cursor = new Cursor('keys', z.uuid());

const USE_MS = 60_000;

export interface KeyRequest {
  readonly name: string;
  readonly tenant: string;
  readonly owner: string;
  readonly scopes: readonly Scope[];
  readonly agents?: readonly string[] | undefined;
  readonly expiresAt?: Date | undefined;
}

/** With the key itself, which is shown in this answer alone; without it when the same request came before. */
export interface NewApiKey extends ApiKey {
  readonly key?: string;
}

export interface ApiKeyPage {
  readonly keys: readonly ApiKey[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

export class ApiKeys {
  readonly #lookups: Batcher<string, StoredKey | undefined>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#lookups = new Batcher({
      run: async (prefixes) => {
        const found = await findKeys(database, [...new Set(prefixes)], clock.now());
        return prefixes.map((prefix) => found.get(prefix));
      },
      maxInFlight: 4,
    });
  }

  /** What is known of a key that may be used now; undefined for all others. */
  async find(key: string): Promise<ApiKey | undefined> {
    const prefix = prefixOf(key);
    if (prefix === undefined) return undefined;
    const found = await orUnavailable(() => this.#lookups.submit(prefix));
    if (found === undefined || !isKeyOf(found.hash, key)) return undefined;
    void this.#noteUse(found);
    return found;
  }

  /** The new key, with its secret, which nobody can ask for again; without it when `id` was made before. */
  async create(request: KeyRequest, id: string = newId(), by?: Caller): Promise<NewApiKey> {
    const { key, prefix } = newKey();
    const { name, tenant, owner, scopes, agents, expiresAt } = request;
    const stored: StoredKey = {
      id,
      prefix,
      hash: hashOf(key),
      name,
      tenant,
      owner,
      scopes,
      ...(agents === undefined ? {} : { agents }),
      createdAt: this.clock.now().toISOString(),
      ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
    };
    const made = await orUnavailable(() =>
      this.database.transaction(async (client) => {
        const inserted = await insertKey(client, stored);
        const details = { keyOwner: owner, name, scopes, agents };
        if (inserted !== undefined) await this.#record(client, 'key.created', { tenant, subject: id, by, details });
        return inserted;
      }),
    );
    if (made !== undefined) return { ...made, key };
    return (await orUnavailable(() => readKey(this.database, tenant, id))) ?? keyNotFound(id);
  }

  async list(tenant: string, { size, token }: { readonly size: number; readonly token: string }): Promise<ApiKeyPage> {
    const before = token === '' ? undefined : cursor.decode(token);
    const keys = await orUnavailable(() => listKeys(this.database, tenant, before, size + 1));
    const last = keys.length > size ? keys[size - 1] : undefined;
    return { keys: keys.slice(0, size), nextPageToken: last === undefined ? '' : cursor.encode(last.id) };
  }

  /** From now on the key opens nothing, on any instance. Throws KEY_NOT_FOUND. */
  async revoke(tenant: string, id: string, by?: Caller): Promise<void> {
    const revoke = async (client: Queryable): Promise<boolean> => {
      const found = await revokeKey(client, tenant, id, this.clock.now());
      if (found) await this.#record(client, 'key.revoked', { tenant, subject: id, by });
      return found;
    };
    const revoked = isId(id) && (await orUnavailable(() => this.database.transaction(revoke)));
    if (!revoked) keyNotFound(id);
  }

  /** Without `by` it was done at the command line. */
  #record(
    client: Queryable,
    action: 'key.created' | 'key.revoked',
    entry: Pick<AuditEntry, 'tenant' | 'subject' | 'details'> & { readonly by: Caller | undefined },
  ): Promise<void> {
    const { by, ...rest } = entry;
    return recordAudit(client, { ...rest, action, owner: by?.owner ?? null });
  }

  async #noteUse({ id, lastUsedAt }: ApiKey): Promise<void> {
    const now = this.clock.now();
    if (lastUsedAt !== undefined && now.getTime() - Date.parse(lastUsedAt) < USE_MS) return;
    try {
      await noteUse(this.database, id, now);
    } catch (error) {
      this.log.debug({ err: messageOf(error), keyId: id }, 'the use of a key was not noted');
    }
  }
}

/** The same for what doesn't exist and for what isn't of the caller's tenant. */
function keyNotFound(id: string): never {
  throw new ContinuoError('KEY_NOT_FOUND', `Key ${id} was not found.`);
}
