/** `@CallerWith('read') caller: Caller`: for whom an endpoint works, and the scope that it needs. */
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { callerOf } from '../auth/principal.js';
import type { Scope } from '../platform/caller.js';
import { argument } from './route-decorators.js';

/** Throws as `callerOf` of auth/; the tenant may be in the query, once. */
export const CallerWith = (scope: Scope): ParameterDecorator =>
  argument((request) => {
    const { tenant } = request.query;
    if (tenant !== undefined && typeof tenant !== 'string') throw invalidArgument('tenant', 'one value');
    return callerOf(request, scope, tenant);
  });
