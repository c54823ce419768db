/** A key that is asked for, in JSON or in words of a command line: the same is right in both. */
import { z } from 'zod';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { listOf } from '@continuo/agent/internal/platform/lists.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { time } from '@continuo/agent/internal/platform/ranges.js';
import { scopes } from '../platform/caller.js';
import { UsageError } from '../platform/command.js';
import { onlyFields } from '../platform/known-fields.js';
import type { KeyRequest } from './api-keys.js';

const HOUR_MS = 3_600_000;
/** Each may be named more than once. */
const MOST_SCOPES = 10;

const name = z.string().min(1).max(256);
const agent = z
  .string()
  .max(256)
  .regex(/^[^/]+\/[^/]+$/, 'expected type/name');

export const newKey = onlyFields({
  owner: name,
  name: name.nullish(),
  scopes: listOf(z.enum(scopes, { error: `expected one of ${scopes.join(', ')}` }), {
    min: 1,
    max: MOST_SCOPES,
    tooFew: 'expected a scope',
  }),
  agents: listOf(agent, { min: 1, tooFew: 'expected an agent, or none of this field' }).nullish(),
  expiresAt: time.nullish(),
});

/** A request for a key of `tenant`. */
export function keyRequest({ owner, name: given, ...body }: z.output<typeof newKey>, tenant: string): KeyRequest {
  return {
    tenant,
    owner,
    name: given ?? owner,
    scopes: scopes.filter((scope) => body.scopes.includes(scope)),
    agents: body.agents ?? undefined,
    expiresAt: body.expiresAt ?? undefined,
  };
}

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

/** Throws UsageError, which says what was expected. */
export function toKeyRequest({ owner, name: named, tenant, expires, ...lists }: KeyWords): KeyRequest {
  if (owner === undefined) throw new UsageError('create needs --owner.');
  const expiresAt = expires === undefined ? undefined : expiry(expires).toISOString();
  const given = { owner, name: named, scopes: lists.scopes.split(','), agents: lists.agents?.split(','), expiresAt };
  const body = fromWords(newKey, given);
  return keyRequest(body, fromWords(z.object({ tenant: name }), { tenant }).tenant);
}

function fromWords<Output>(schema: z.ZodType<Output>, words: unknown): Output {
  try {
    return parse(schema, words);
  } catch (error) {
    if (!(error instanceof ContinuoError) || error.field === undefined) throw error;
    // A list is one option: agents[1] is --agents.
    throw new UsageError(`--${error.field.replace(/\[.*/, '')}: expected ${error.expected}`);
  }
}

function expiry(text: string): Date {
  const [, count, unit] = /^([1-9]\d{0,4})([dh])$/.exec(text) ?? [];
  if (count === undefined) throw new UsageError('--expires takes a number of days or hours: 90d, 12h.');
  return new Date(systemClock.now().getTime() + Number(count) * HOUR_MS * (unit === 'd' ? 24 : 1));
}
