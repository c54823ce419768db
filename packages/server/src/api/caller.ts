/** `@CallerWith('read') caller: Caller`: for whom an endpoint works, and the scope that it needs. */
import { callerOf } from '../auth/principal.js';
import type { Scope } from '../platform/caller.js';
import { argument } from './route-decorators.js';

/** Throws UNAUTHENTICATED, PERMISSION_DENIED, and TENANT_NOT_FOUND for the tenant of a query that isn't the caller's. */
export const CallerWith = (scope: Scope): ParameterDecorator =>
  argument((request) => {
    const { tenant } = request.query;
    return callerOf(request, scope, typeof tenant === 'string' ? tenant : undefined);
  });
