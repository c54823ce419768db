/** A key that is asked for in words of a command line. Throws UsageError, which says what was expected. */
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { scopes } from '../platform/caller.js';
import { UsageError } from '../platform/command.js';
import type { KeyRequest } from './api-keys.js';

const HOUR_MS = 3_600_000;

export interface KeyWords {
  readonly owner?: string | undefined;
  readonly name?: string | undefined;
  readonly tenant: string;
  /** Separated by commas. */
  readonly scopes: string;
  /** `type/name`, separated by commas. Undefined: all. */
  readonly agents?: string | undefined;
  /** `90d`, `12h`. Undefined: never. */
  readonly expires?: string | undefined;
}

export function toKeyRequest({ owner, name, tenant, scopes: wanted, agents, expires }: KeyWords): KeyRequest {
  if (owner === undefined || owner === '') throw new UsageError('create needs --owner.');
  const named = wanted.split(',');
  const granted = scopes.filter((scope) => named.includes(scope));
  if (granted.length !== named.length) throw new UsageError(`--scopes takes some of ${scopes.join(', ')}.`);
  return {
    owner,
    name: name ?? owner,
    tenant,
    scopes: granted,
    agents: agents?.split(','),
    expiresAt: expires === undefined ? undefined : expiry(expires),
  };
}

function expiry(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([dh])$/.exec(text) ?? [];
  if (count === undefined) throw new UsageError('--expires takes a number of days or hours: 90d, 12h.');
  return new Date(systemClock.now().getTime() + Number(count) * HOUR_MS * (unit === 'd' ? 24 : 1));
}
