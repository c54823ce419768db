/** What a request handler knows of the request behind a call: the caller, the version, where its stream resumes. */
import type { Request, Response } from 'express';
import { ServerCallContext, type User } from '@a2a-js/sdk/server';
import { Extensions } from '@a2a-js/sdk';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { HeaderOf } from '../auth/door.js';
import { callerOf as callerOfRequest, principalOf, unauthenticated, type Principal } from '../auth/principal.js';
import type { Caller, Scope } from '../platform/caller.js';
import { addressOf } from '../platform/host-header.js';
import { httpErrors } from '../platform/http-errors.js';
import { IDEMPOTENCY_KEY, idempotencyKey } from '../calls/idempotency.js';
import { closedSignal, lastEventId, whileWaiting as whileOpen, type Answer } from '../platform/sse.js';
import { SUPPORTED_VERSIONS } from './agent-card.js';
import type { TaskView } from '../tasks/read-tasks.js';
import type { WireVersion } from '../webhooks/push-config-rows.js';
import { generationsOf, type Generations } from './generations.js';
import { isRequest } from './wire-requests.js';

/** The user in the SDK's sense: what an operation knows of the call that it serves, whatever transport it came by. */
export abstract class CallUser implements User {
  readonly isAuthenticated: boolean;
  readonly userName: string;
  /** Of an HTTP request, and of the metadata of a call over gRPC. */
  abstract readonly header: HeaderOf;
  abstract readonly answer: Answer;
  /** Which version of A2A the call is written in (docs/decisions/0011). */
  abstract readonly wireVersion: WireVersion;
  /** Where this server was reached over HTTP, for links back. */
  abstract readonly address: string;
  /** Bytes of content that the client takes with one task, where its transport limits them. */
  readonly mostBytes: number | undefined = undefined;

  /** Of a call of A2A 1.1. */
  get generations(): Generations | undefined {
    return undefined;
  }

  constructor(readonly principal: Principal) {
    this.isAuthenticated = principal.local !== true;
    this.userName = principal.caller.owner;
  }

  /** Throws as `callerOf` of auth/. */
  abstract callerOf(scope: Scope, ...tenants: readonly (string | undefined)[]): Caller;
  /** Says in the answer's head which extensions it keeps to. */
  abstract activate(extensions: readonly string[]): void;
  /** Says when to come back, where `error` says that one may. */
  abstract setRetryAfter(error: ContinuoError): void;
}

/** A call that came by HTTP. */
export class HttpUser extends CallUser {
  readonly header: HeaderOf = (name) => this.request.get(name);

  /** Throws UNAUTHENTICATED for a request that did not come through the door. */
  constructor(
    readonly request: Request,
    readonly answer: Response,
  ) {
    super(principalOf(request));
  }

  get address(): string {
    return addressOf(this.request);
  }

  override get generations(): Generations | undefined {
    return generationsOf(this.request);
  }

  /** Its method or its path tells. */
  get wireVersion(): WireVersion {
    if (this.generations !== undefined) return '1.1';
    const { body, baseUrl, url }: { body: unknown; baseUrl: string; url: string } = this.request;
    if (isRequest(body)) return body.method.includes('/') ? '0.3' : '1.0';
    const oldPath = /^\/agents\/[^/]+\/[^/]+\/v1\//.test(baseUrl + url) && this.header('a2a-version') !== '1.0';
    return oldPath ? '0.3' : '1.0';
  }

  callerOf(scope: Scope, ...tenants: readonly (string | undefined)[]): Caller {
    return callerOfRequest(this.request, scope, ...tenants);
  }

  activate(extensions: readonly string[]): void {
    if (!this.answer.headersSent) this.answer.setHeader('A2A-Extensions', extensions);
  }

  setRetryAfter({ code, retryAfterSeconds }: ContinuoError): void {
    if (retryAfterSeconds === undefined || this.answer.headersSent) return;
    this.answer.setHeader('Retry-After', retryAfterSeconds);
    // JSON-RPC answers with 200 otherwise.
    this.answer.status(httpErrors[code].http);
  }
}

/** The SDK's `userBuilder`. */
export function sdkUser(request: Request): Promise<HttpUser> {
  if (request.res === undefined) return Promise.reject(new Error('A request without its response.'));
  return Promise.resolve(new HttpUser(request, request.res));
}

/** What is known of the call behind an operation. Throws UNAUTHENTICATED for one that did not come through the door. */
export function callOf({ user }: ServerCallContext): CallUser {
  if (user instanceof CallUser) return user;
  throw unauthenticated('This needs credentials.');
}

/** For whom an operation is done that needs `scope`; `tenant` is that of its parameters. Throws as `callerOf` of auth/. */
export function callerOf(context: ServerCallContext, scope: Scope, tenant: string): Caller {
  return callOf(context).callerOf(scope, tenant, context.tenant);
}

/** Tells clients when to come back, where the error that follows says that they may. */
export function setRetryAfter({ user }: ServerCallContext, error: unknown): void {
  if (error instanceof ContinuoError && user instanceof CallUser) user.setRetryAfter(error);
}

/** Aborted as soon as the client has gone. */
export function closed(context: ServerCallContext): AbortSignal {
  return closedSignal(callOf(context).answer);
}

/** `work` with a signal that is aborted when the client goes, or after `ms` milliseconds. */
export function whileWaiting<Result>(
  context: ServerCallContext,
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return whileOpen(callOf(context).answer, ms, work);
}

/** All of a task that the client takes. */
export function wholeFor(context: ServerCallContext): TaskView {
  return { artifacts: true, mostBytes: callOf(context).mostBytes };
}

/** The seq behind which a stream resumes; undefined when it begins. */
export function resumeAfter(context: ServerCallContext): number | undefined {
  return lastEventId(callOf(context).header('last-event-id'));
}

/** Throws INVALID_ARGUMENT for a key that can't be one. */
export function idempotencyKeyOf(context: ServerCallContext): string | undefined {
  return idempotencyKey(callOf(context).header(IDEMPOTENCY_KEY));
}

/** The context of a call that the SDK's handlers don't make. Throws VERSION_NOT_SUPPORTED. */
export function contextOf(request: Request, response: Response): ServerCallContext {
  const version = request.get('a2a-version');
  refuseVersion(version);
  return new ServerCallContext({
    requestedExtensions: Extensions.parseServiceParameter(request.get('a2a-extensions')),
    user: new HttpUser(request, response),
    requestedVersion: version,
  });
}

/** Clients may say the version in the query as well (A2A section 3.6.1): it is then read as the header would be. */
export function readVersionOfQuery(request: Request): void {
  const { headers, url } = request;
  if (!url.includes('?') || (headers['a2a-version'] ?? '') !== '') return;
  const [, version] = Object.entries(request.query).find(([name]) => name.toLowerCase() === 'a2a-version') ?? [];
  // Several stand behind each other, as those of several headers do.
  const said = Array.isArray(version) ? version : [version];
  const versions = said.filter((one) => typeof one === 'string');
  if (versions.length > 0) headers['a2a-version'] = versions.join(', ');
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
