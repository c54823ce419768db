/** What an API key looks like: `ck_<prefix>_<secret>`, of which only the prefix and a hash are kept. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { newToken } from '@continuo/agent/internal/platform/ids.js';
import type { Scope } from '../platform/caller.js';

/** What is known of a key; never the key itself. */
export interface ApiKey {
  readonly id: string;
  /** The beginning of the key, to recognise it by. */
  readonly prefix: string;
  readonly name: string;
  readonly tenant: string;
  readonly owner: string;
  readonly scopes: readonly Scope[];
  /** Undefined: all agents, and everything beside them. */
  readonly agents?: readonly string[];
  readonly createdAt: string;
  readonly expiresAt?: string;
  /** To the minute. */
  readonly lastUsedAt?: string;
  readonly revokedAt?: string;
}

const KEY = /^(ck_[0-9a-f]{12})_[\w-]{43}$/;

interface NewKey {
  readonly key: string;
  readonly prefix: string;
}

/** A key of 256 random bits. */
export function newKey(): NewKey {
  const prefix = `ck_${createHash('sha256').update(newToken()).digest('hex').slice(0, 12)}`;
  return { key: `${prefix}_${newToken()}`, prefix };
}

/** Whether the credentials are meant to be one of our keys. */
export function looksLikeKey(credentials: string): boolean {
  return credentials.startsWith('ck_');
}

/** Undefined for what can't be a key. */
export function prefixOf(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}

export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** In a time that tells nothing of where they differ. */
export function isKeyOf(hash: Buffer, key: string): boolean {
  return timingSafeEqual(hash, hashOf(key));
}
