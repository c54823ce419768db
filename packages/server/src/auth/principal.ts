/** Who stands behind a request and what they may do: noted by the door, asked for by every endpoint. */
import { ContinuoError, invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { isStorableText } from '@continuo/agent/internal/platform/storable.js';
import { localCaller, scopes, type Caller, type Scope } from '../platform/caller.js';

export interface Principal {
  readonly caller: Caller;
  readonly scopes: readonly Scope[];
  /** The agents (`type/name`) that it may call, and nothing beside them; undefined: everything. */
  readonly agents?: readonly string[] | undefined;
  /** In the local mode a call names its tenant itself. */
  readonly local?: true;
}

/** The one user of the local mode. */
export const localPrincipal: Principal = { caller: localCaller(), scopes, local: true };

/** What a call came as: an HTTP request, or the metadata of a call over gRPC. */
type Asked = object & { readonly res?: { setHeader(name: string, value: string): unknown } | undefined };

const principals = new WeakMap<Asked, Principal>();

export function admit(request: Asked, principal: Principal): void {
  principals.set(request, principal);
}

/** Throws UNAUTHENTICATED for a request that did not come through the door. */
export function principalOf(request: Asked): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw unauthenticated('This needs credentials.');
  return principal;
}

/**
 * For whom a request is made that needs `scope`. `tenants` are those that it names: empty ones don't count.
 * Throws UNAUTHENTICATED, PERMISSION_DENIED, TENANT_NOT_FOUND for a tenant that isn't the caller's, and INVALID_ARGUMENT for one
 * that can't be.
 */
export function callerOf(request: Asked, scope: Scope, ...tenants: readonly (string | undefined)[]): Caller {
  const { caller, scopes: granted, local } = principalOf(request);
  if (!granted.includes(scope)) {
    request.res?.setHeader('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`);
    throw new ContinuoError('PERMISSION_DENIED', `This needs the scope ${scope}; yours: ${granted.join(', ')}.`);
  }
  const named = tenants.filter((tenant) => tenant !== undefined && tenant !== '');
  if (local === true) return localCaller(named[0] && storableTenant(named[0]));
  const other = named.find((tenant) => tenant !== caller.tenant);
  if (other !== undefined) throw new ContinuoError('TENANT_NOT_FOUND', `Tenant ${other} was not found.`);
  return caller;
}

/** It is in the keys of rows, whose length is limited. */
const MOST_TENANT_CHARACTERS = 256;

function storableTenant(tenant: string): string {
  if (tenant.length <= MOST_TENANT_CHARACTERS && isStorableText(tenant)) return tenant;
  throw invalidArgument('tenant', `at most ${MOST_TENANT_CHARACTERS} characters, without U+0000`);
}

export function unauthenticated(message: string): ContinuoError {
  return new ContinuoError('UNAUTHENTICATED', message);
}
