/** `@CallerWith('read') caller: Caller`: for whom an endpoint works, and the scope that it needs. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { callerOf } from '../auth/principal.js';
import type { Caller, Scope } from '../platform/caller.js';

/** Throws UNAUTHENTICATED, PERMISSION_DENIED, and TENANT_NOT_FOUND for the tenant of a query that isn't the caller's. */
export const CallerWith = createParamDecorator((scope: Scope, context: ExecutionContext): Caller => {
  const request = context.switchToHttp().getRequest<Request>();
  const { tenant } = request.query;
  return callerOf(request, scope, typeof tenant === 'string' ? tenant : undefined);
});
