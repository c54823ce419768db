/** All that Continuo serves over HTTP in an application, on Express or on Fastify: one handler, below one path. */
import { NotFoundException, type HttpServer } from '@nestjs/common';
import express, { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { AGENT_PATHS, agentEndpoints, type AgentEndpoints } from '../a2a/agent-endpoints.js';
import type { AgentHandlers } from '../a2a/agent-handlers.js';
import { agentRoutes } from '../a2a/agent-routes.js';
import { refuseWhat } from '../a2a/answer-error.js';
import type { Discovery } from '../a2a/discovery.js';
import { guardedPaths, healthPaths, openPaths } from '../api/api.js';
import { apiRouter, apiRoutes } from '../api/api-router.js';
import { consoleFiles } from '../api/console-files.js';
import { answerApiErrors } from '../api/error-filter.js';
import type { Door } from '../auth/door.js';
import { localDoor } from '../auth/local-door.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { allowedMethods } from '../platform/allowed-methods.js';
import { consolePolicy, securityHeadersUnsaid } from '../platform/http-security.js';
import { below, inTurn, pathsBelow } from '../platform/in-turn.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import { requestMetrics } from '../platform/metrics/request-metrics.js';
import { handedOnBelow, mountPath } from '../platform/mount-path.js';
import type { Outgoing } from '../platform/outgoing.js';
import { requestLog } from '../platform/request-log.js';
import { openProtocolPaths, protocolEndpoints, protocolPaths, type ProtocolEndpoints } from '../protocols/protocols.js';
import type { ProtocolParts } from '../protocols/protocol.js';
import { requestSpan } from '../platform/telemetry/request-spans.js';
import type { GlobalGuards } from './global-guards.js';

export interface EndpointsParts extends ProtocolParts {
  /** As `/ai`; empty for the root. */
  readonly path: string;
  readonly handlers: AgentHandlers;
  readonly discovery: Discovery;
  readonly door: Door;
  readonly outgoing: Outgoing;
  readonly metrics: Metrics;
  /** Asked before every endpoint; undefined: none are. */
  readonly guards: GlobalGuards | undefined;
  readonly controllers: readonly object[];
  /** Undefined: where it is installed. */
  readonly console: boolean | undefined;
  /** All that the server serves is Continuo's. */
  readonly ownsServer: boolean;
}

type Next = (error?: unknown) => void;
type RefusedHandler = (error: unknown, request: Request, response: Response, next: Next) => void;

const AGENTS = '/agents';
const AGENTS_OWN = pathsBelow(AGENT_PATHS);
const PROTOCOLS_OWN = pathsBelow([...protocolPaths, ...openProtocolPaths]);
const ABSOLUTE_FORM = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

export class Endpoints {
  /** The routes; what comes before them is the same for all. */
  readonly router: Router;
  readonly #handle: RequestHandler;
  /** What comes before any answer: who isn't let in hears nothing else. */
  readonly #admit: RequestHandler;
  readonly #isOurs: (path: string) => boolean;
  /** The application reads bodies after us: it needs them unread. */
  #readsBodies = false;
  readonly #agents: AgentEndpoints;
  readonly #protocols: ProtocolEndpoints;
  readonly #failed: ErrorRequestHandler;

  constructor(private readonly parts: EndpointsParts) {
    const { config, registry, handlers, discovery, door, outgoing, metrics, log, controllers, guards, ownsServer } =
      parts;
    const { enter } = door;
    this.#agents = agentEndpoints({ ...config, registry, handlers, discovery, enter, log });
    this.#failed = answerApiErrors(log);
    this.#protocols = protocolEndpoints(parts);
    this.router = Router()
      .use(this.#agents.router)
      .use(this.#protocols.router)
      .use(apiRouter(controllers, this.#failed));
    const files = this.#console();
    const entered = [...guardedPaths, ...protocolPaths];
    const ownPaths = [...entered, ...openPaths, ...openProtocolPaths, ...AGENT_PATHS];
    this.#isOurs = pathsBelow([...ownPaths, ...healthPaths]);
    const before = inTurn(
      requestLog(log),
      ...(ownsServer ? [] : [securityHeadersUnsaid(config)]),
      outgoing.watch,
      requestMetrics(metrics),
      below([...entered, AGENTS], requestSpan),
      ...(guards === undefined ? [] : [this.#ask(guards)]),
      below(ownPaths, refuseWhat(localDoor(config))),
      below(entered, enter),
    );
    const enterAgents = below([AGENTS], enter);
    const allowed = allowedMethods([...agentRoutes, ...apiRoutes(controllers)], enterAgents);
    this.#handle = this.#answered(
      inTurn(before, allowed, this.#agents.rpc, this.router, ...(files === undefined ? [] : [files])),
    );
    this.#admit = this.#answered(inTurn(before, enterAgents));
    if (files !== undefined) this.#isOurs = withConsole(this.#isOurs, this.#leadsToConsole);
    if (ownsServer) this.#isOurs = () => true;
  }

  /** Throws CONFIG_INVALID for an adapter that is neither Express's nor Fastify's. */
  mount(adapter: HttpServer): void {
    const type = adapter.getType();
    if (type !== 'express' && type !== 'fastify') throw otherAdapter(type);
    if (type === 'express') {
      adapter.use(this.#mounted(this.#handle));
      // What the application's body parser refuses is answered as this endpoint answers.
      // Nest's type of such a handler has a next that may be missing and takes anything.
      adapter.use(this.#refusing as never);
      return;
    }
    this.#readsBodies = true;
    // Requests of Fastify's are made Express's, and only those that are for Continuo.
    const shell = express();
    shell.disable('x-powered-by');
    shell.use(withoutFastifyLog, this.#handle);
    adapter.use(this.#mounted(shell));
  }

  /** Hands on what is below the path, with the rest of its address, and takes back what is nobody's. */
  #mounted(handle: RequestHandler) {
    return (request: Request, response: Response, next: Next): void => {
      const { url } = request;
      const rest = this.#restOf(url);
      if (rest === undefined) return next();
      handedOnBelow(request, this.parts.path);
      // As Express does, for who comes by Fastify.
      request.originalUrl ??= url;
      request.url = rest;
      void handle(request, response, () => {
        if (this.#isNobodys(request)) {
          const error = nothingAt(request);
          if (PROTOCOLS_OWN(request.path)) this.#protocols.fail(error, request, response);
          else void this.#failed(error, request, response, next);
          return;
        }
        request.url = url;
        next();
      });
    };
  }

  /**
   * What none of our endpoints has answered is the application's, unless it is below a path that is ours alone, or comes
   * without its body: Fastify reads that itself, and would wait for it. Clients of protocols look for errors of their form.
   */
  #isNobodys(request: Request): boolean {
    const { path, ownsServer } = this.parts;
    if (path !== '' || (ownsServer && PROTOCOLS_OWN(request.path))) return true;
    return this.#readsBodies && request.readableDidRead;
  }

  readonly #refusing: RefusedHandler = (error, request, response, next) => {
    const rest = this.#restOf(request.url);
    if (rest === undefined || this.parts.ownsServer || response.headersSent) return next(error);
    handedOnBelow(request, this.parts.path);
    request.url = rest;
    void this.#admit(request, response, () => this.#fail(error, request, response));
  };

  /** What goes wrong is answered, and not handed on. */
  #answered(handle: RequestHandler): RequestHandler {
    return (request, response, next) =>
      handle(request, response, (error?: unknown) => {
        if (error === undefined || error === null) next();
        else this.#fail(error, request, response);
      });
  }

  /** Undefined for what isn't Continuo's. An address in absolute form (RFC 9112, 3.2.2) keeps its host: the door looks at it. */
  #restOf(url: string): string | undefined {
    const host = ABSOLUTE_FORM.exec(url)?.[0] ?? '';
    const { path } = this.parts;
    if (!url.startsWith(path, host.length)) return undefined;
    const rest = url.slice(host.length + path.length);
    if (!/^([/?]|$)/.test(rest)) return undefined;
    const inside = rest.startsWith('/') ? rest : `/${rest}`;
    return this.#isOurs(inside.split('?', 1)[0] ?? '/') ? host + inside : undefined;
  }

  #ask(guards: GlobalGuards): RequestHandler {
    return (request, response, next) => {
      const { url } = request;
      const handOn = (error?: unknown): void => {
        request.url = url;
        next(error);
      };
      // They know the application's addresses.
      request.url = mountPath(request) + url;
      guards.admit(request, response).then(() => handOn(), handOn);
    };
  }

  /** In the form of the endpoint that was asked for. */
  #fail(error: unknown, request: Request, response: Response): void {
    if (AGENTS_OWN(request.path)) this.#agents.refuse(error, request, response);
    else if (PROTOCOLS_OWN(request.path)) this.#protocols.fail(error, request, response);
    else void this.#failed(error, request, response, () => undefined);
  }

  get #leadsToConsole(): boolean {
    return this.parts.ownsServer || this.parts.path !== '';
  }

  #console(): RequestHandler | undefined {
    const { config, console: wanted, ownsServer, path } = this.parts;
    const files = consoleFiles({ wanted, publicUrl: config.publicUrl, isHome: this.#leadsToConsole, path });
    if (files === undefined) return undefined;
    return ownsServer ? files : inTurn(consolePolicy(config), files);
  }
}

/** Fastify's middleware leaves its own id and logger on Node's request: the id is never answered, and the logger not ours. */
function withoutFastifyLog(request: Request & { id?: unknown; log?: unknown }, _response: Response, next: Next): void {
  request.id = undefined;
  request.log = undefined;
  next();
}

/** As Nest says it. */
function nothingAt({ method, originalUrl }: Request): NotFoundException {
  return new NotFoundException(`Cannot ${method} ${originalUrl}`);
}

function withConsole(isOurs: (path: string) => boolean, isHome: boolean): (path: string) => boolean {
  const isConsole = pathsBelow(['/console']);
  return (path) => isOurs(path) || isConsole(path) || (isHome && path === '/');
}

function otherAdapter(type: string): ContinuoError {
  return new ContinuoError(
    'CONFIG_INVALID',
    `ContinuoModule serves its endpoints with Nest's Express or Fastify adapter, not with ${type || 'another one'}: use @nestjs/platform-express or @nestjs/platform-fastify.`,
  );
}
