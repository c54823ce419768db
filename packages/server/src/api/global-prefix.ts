/** Keeps the API at its paths in an application that puts a prefix before its controllers: Nest would move it, but not the door. */
import type { ApplicationConfig } from '@nestjs/core';
import type { RequestHandler } from 'express';
import { below } from '../platform/in-turn.js';
import { guardedPaths, openPaths } from './api.js';

/** Where controllers are: what is in `api.ts`, health, and what agents' own endpoints pass on. */
const API_PATHS = [...guardedPaths, ...openPaths, '/healthz', '/readyz', '/agents'];

/**
 * Hands requests for the API on to where the application has put it: `/tasks` to `/api/tasks` for the prefix `api`. What the
 * application keeps out of its prefix stays. Undefined where there is no prefix.
 */
export function behindPrefix(application: ApplicationConfig): RequestHandler | undefined {
  const prefix = application.getGlobalPrefix().replace(/^\/|\/$/g, '');
  if (prefix === '') return undefined;
  const { exclude = [] } = application.getGlobalPrefixOptions();
  return below(API_PATHS, (request, _response, next) => {
    if (!exclude.some(({ pathRegex }) => pathRegex.test(request.path))) request.url = `/${prefix}${request.url}`;
    next();
  });
}
