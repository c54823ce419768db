/** What a request handler knows of the HTTP request behind a call: the caller, the version, where its stream resumes. */
import type { Request, Response } from 'express';
import { ServerCallContext, type User } from '@a2a-js/sdk/server';
import { Extensions } from '@a2a-js/sdk';
import { callerOf as callerOfRequest, principalOf, unauthenticated } from '../auth/principal.js';
import type { Caller, Scope } from '../platform/caller.js';
import { ContinuoError } from '../platform/errors.js';
import { httpErrors } from '../platform/http-errors.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../calls/idempotency.js';
import { closedSignal, lastEventId, whileWaiting as whileOpen } from '../platform/sse.js';
import { SUPPORTED_VERSIONS } from './agent-card.js';
import { isRequest } from './wire-requests.js';

/** The user in the SDK's sense, carrying the request through the SDK's handlers. */
export class HttpUser implements User {
  readonly isAuthenticated: boolean;
  readonly userName: string;

  /** Throws UNAUTHENTICATED for a request that did not come through the door. */
  constructor(
    readonly request: Request,
    readonly response: Response,
  ) {
    const { caller, local } = principalOf(request);
    this.isAuthenticated = local !== true;
    this.userName = caller.owner;
  }
}

/** The SDK's `userBuilder`. */
export function sdkUser(request: Request): Promise<HttpUser> {
  if (request.res === undefined) return Promise.reject(new Error('A request without its response.'));
  return Promise.resolve(new HttpUser(request, request.res));
}

/** The HTTP request behind a call. */
export function requestOf({ user }: ServerCallContext): Request {
  if (user instanceof HttpUser) return user.request;
  throw unauthenticated('This needs credentials.');
}

/** For whom an operation is done that needs `scope`; `tenant` is that of its parameters. Throws as `callerOf` of auth/. */
export function callerOf(context: ServerCallContext, scope: Scope, tenant: string): Caller {
  return callerOfRequest(requestOf(context), scope, tenant, context.tenant);
}

/** Tells clients when to come back, where the error that follows says that they may. */
export function setRetryAfter(context: ServerCallContext, error: unknown): void {
  if (!(error instanceof ContinuoError) || error.retryAfterSeconds === undefined) return;
  const { user } = context;
  if (user instanceof HttpUser && !user.response.headersSent) {
    user.response.setHeader('Retry-After', error.retryAfterSeconds);
    // JSON-RPC answers with 200 otherwise.
    user.response.status(httpErrors[error.code].http);
  }
}

/** Says in the answer's head which of the `known` extensions that the client asked for it keeps to (A2A section 3.2.6). */
export function activateExtensions(context: ServerCallContext, known: readonly string[]): void {
  for (const uri of context.requestedExtensions ?? []) if (known.includes(uri)) context.addActivatedExtension(uri);
  const { activatedExtensions, user } = context;
  if (activatedExtensions === undefined || !(user instanceof HttpUser) || user.response.headersSent) return;
  user.response.setHeader('A2A-Extensions', activatedExtensions);
}

/** Aborted as soon as the client has gone. */
export function closed({ user }: ServerCallContext): AbortSignal {
  return user instanceof HttpUser ? closedSignal(user.response) : new AbortController().signal;
}

/** `work` with a signal that is aborted when the client goes, or after `ms` milliseconds. */
export function whileWaiting<Result>(
  { user }: ServerCallContext,
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return user instanceof HttpUser ? whileOpen(user.response, ms, work) : work(AbortSignal.timeout(ms));
}

/** The seq behind which a stream resumes; undefined when it begins. */
export function resumeAfter(context: ServerCallContext): number | undefined {
  return context.user instanceof HttpUser ? lastEventId(context.user.request.get('last-event-id')) : undefined;
}

/** Throws INVALID_ARGUMENT for a key that can't be one. */
export function idempotencyKeyOf({ user }: ServerCallContext): string | undefined {
  return user instanceof HttpUser ? idempotencyKey(user.request.get(IDEMPOTENCY_KEY)) : undefined;
}

/** The version of A2A that a request is written in, which its method or its path tells (docs/decisions/0011). */
export function wireVersionOf({ user }: ServerCallContext): '1.0' | '0.3' {
  if (!(user instanceof HttpUser)) return '1.0';
  const { body, originalUrl }: { body: unknown; originalUrl: string } = user.request;
  if (isRequest(body)) return body.method.includes('/') ? '0.3' : '1.0';
  const oldPath = /^\/agents\/[^/]+\/[^/]+\/v1\//.test(originalUrl) && user.request.get('a2a-version') !== '1.0';
  return oldPath ? '0.3' : '1.0';
}

/** The context of a call that the SDK's handlers don't make. Throws VERSION_NOT_SUPPORTED. */
export function contextOf(request: Request, response: Response, tenant: string | undefined): ServerCallContext {
  const version = request.get('a2a-version');
  refuseVersion(version);
  return new ServerCallContext({
    requestedExtensions: Extensions.parseServiceParameter(request.get('a2a-extensions')),
    user: new HttpUser(request, response),
    requestedVersion: version,
    tenant,
  });
}

/** Clients may say the version in the query as well (A2A section 3.6.1): it is then read as the header would be. */
export function readVersionOfQuery(request: Request): void {
  const { headers, url } = request;
  if (!url.includes('?') || (headers['a2a-version'] ?? '') !== '') return;
  const [, version] = Object.entries(request.query).find(([name]) => name.toLowerCase() === 'a2a-version') ?? [];
  if (typeof version === 'string') headers['a2a-version'] = version;
}

/** Without the header a client speaks 0.3 (A2A section 3.6.2), which is spoken here too. */
export function refuseVersion(version: string | undefined): void {
  if (version === undefined || version === '' || SUPPORTED_VERSIONS.some((supported) => supported === version)) return;
  throw new ContinuoError(
    'VERSION_NOT_SUPPORTED',
    `A2A-Version: expected ${SUPPORTED_VERSIONS.join(' or ')}, got ${version}`,
    { field: 'A2A-Version', expected: SUPPORTED_VERSIONS.join(' or ') },
  );
}
