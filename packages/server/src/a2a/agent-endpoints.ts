/** All agents on HTTP: `/agents/:type/:name` and below, and the cards. */
import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { callerOf, principalOf } from '../auth/principal.js';
import { JSON_TYPES, jsonReader, type BodyLimits } from '../platform/json-body.js';
import type { Log } from '../platform/log.js';
import { agentCardJson } from './agent-card.js';
import { answerErrors } from './answer-error.js';
import { addressOf } from '../platform/host-header.js';
import { readVersionOfQuery } from './call-context.js';
import type { AgentHandlers } from './agent-handlers.js';
import { DISCOVERY_PATHS, type Discovery } from './discovery.js';
import { readExperimentalVersion } from './generations.js';
import { toContinuoError } from '../platform/to-continuo-error.js';
import { jsonRpcEndpoint, oldJsonRpcEndpoint, type AnswerRpc } from './json-rpc-endpoint.js';
import { sendFramesEvery } from './responses.js';
import { restEndpoint } from './rest-endpoint.js';

/** How much of a call that is refused is read, and how long that is waited for. */
const MOST_GLANCED_BYTES = 16 * 1024;
const GLANCE_MS = 100;

/** Below these is what this file serves. */
export const AGENT_PATHS = ['/agents', ...DISCOVERY_PATHS] as const;
/** An agent's own address, as clients usually write it. */
const RPC_URL = /^\/agents\/([\w.-]+\/[\w.-]+)\/?$/;

export interface AgentEndpointsOptions extends BodyLimits {
  readonly registry: AgentRegistry;
  readonly handlers: AgentHandlers;
  readonly discovery: Discovery;
  /** Lets callers in; what comes before it is public. */
  readonly enter: RequestHandler;
  readonly sseHeartbeatMs: number;
  readonly log: Log;
}

export interface AgentEndpoints {
  /** Takes calls over JSON-RPC by itself, as the router behind it would try one path after the other. */
  readonly rpc: RequestHandler;
  /** All the rest. It passes on what is no agent's: unknown agents, and the paths of the API. */
  readonly router: Router;
  /** Answers a request for one of its paths that was refused before it came here. */
  readonly refuse: (error: unknown, request: Request, response: Response) => void;
}

export function agentEndpoints(options: AgentEndpointsOptions): AgentEndpoints {
  const router = Router();
  const { registry, handlers, discovery } = options;
  const sendFrames = sendFramesEvery(options.sseHeartbeatMs);
  const endpoints = new Map<string, AgentEndpoint>();
  const endpointOf = (key: string): AgentEndpoint => {
    const known = endpoints.get(key);
    if (known !== undefined) return known;
    const handler = handlers.of(key);
    const answerRpc = jsonRpcEndpoint(handler, sendFrames);
    const old = oldJsonRpcEndpoint(handler);
    const paths = Router();
    paths.post('/', async (request, response, next) => {
      if (!(await answerRpc(request, response))) await old(request, response, next);
    });
    const endpoint = {
      answerRpc,
      old: Router().use('/agents/:type/:name', old),
      paths: paths.use(restEndpoint(handler, sendFrames)),
    };
    endpoints.set(key, endpoint);
    return endpoint;
  };

  router.use(discovery.router());
  router.use('/agents', options.enter);
  router.get('/agents', (request, response) => {
    callerOf(request, 'read');
    const about = { ...discovery.context(addressOf(request)), isKnown: true };
    const agents = registry.list().map((agent) => {
      const { type, name, internal } = agent.description;
      return { type, name, internal, card: agentCardJson(agent, about) };
    });
    response.json({ agents });
  });
  const readJson = jsonReader(options);
  /** Its endpoint, when the body has been read; undefined for what only the API knows. */
  const entered = async (key: string, request: Request, response: Response): Promise<AgentEndpoint | undefined> => {
    // Who has tasks of an agent that only other instances have, or none any more, can read, answer and cancel them.
    if (!(await handlers.serves(key, principalOf(request).caller))) {
      // The API knows who shares what with the caller.
      if (request.query['owner'] !== undefined) return undefined;
      registry.get(key);
    }
    readVersionOfQuery(request);
    readExperimentalVersion(request);
    refuseOtherThanJson(request);
    await readJson(request, response);
    return endpointOf(key);
  };
  router.use('/agents/:type/:name', async (request, response, next) => {
    const endpoint = await entered(`${request.params.type}/${request.params.name}`, request, response);
    if (endpoint === undefined) next();
    else await endpoint.paths(request, response, next);
  });
  const failed = answerErrors(options.log);
  router.use(failed);

  const rpc: RequestHandler = (request, response, next) => {
    const key = request.method === 'POST' ? RPC_URL.exec(request.url)?.[1] : undefined;
    if (key === undefined) {
      next();
      return;
    }
    const fail = (error: unknown): void => void failed(error, request, response, next);
    const answer = async (): Promise<void> => {
      const endpoint = await entered(key, request, response);
      if (endpoint === undefined) next();
      else if (!(await endpoint.answerRpc(request, response)))
        await endpoint.old(request, response, (error) => (error === undefined ? next() : fail(error)));
    };
    void options.enter(request, response, (error) => {
      if (error === undefined) answer().catch(fail);
      else if (toContinuoError(error).code !== 'UNAUTHENTICATED') fail(error);
      else void glance(request, () => readJson(request, response)).finally(() => fail(error));
    });
  };
  const refuse: AgentEndpoints['refuse'] = (error, request, response) => {
    const fail = (): void => void failed(error, request, response, () => undefined);
    if (request.method !== 'POST' || !RPC_URL.test(request.url)) fail();
    else void glance(request, () => readJson(request, response)).finally(fail);
  };
  return { rpc, router, refuse };
}

/** A refusal names the call that it refuses, where that is as good as here (JSON-RPC 2.0, section 5). */
async function glance({ headers }: Request, read: () => Promise<void>): Promise<void> {
  if (!(Number(headers['content-length'] ?? Infinity) <= MOST_GLANCED_BYTES)) return;
  await Promise.race([read().catch(() => undefined), systemClock.sleep(GLANCE_MS)]);
}

/** What serves one agent. */
interface AgentEndpoint {
  readonly answerRpc: AnswerRpc;
  /** JSON-RPC of version 0.3; the body has been read. */
  readonly old: RequestHandler;
  /** Everything below its address; the body has been read. */
  readonly paths: RequestHandler;
}

/** Throws CONTENT_TYPE_NOT_SUPPORTED for a body that would be passed over in silence. */
function refuseOtherThanJson(request: Request): void {
  const { headers } = request;
  const { 'transfer-encoding': encoding, 'content-length': length } = headers;
  const empty = encoding === undefined && Number(length ?? 0) === 0;
  if (empty || headers['content-type'] === 'application/json' || request.is([...JSON_TYPES]) !== false) return;
  throw new ContinuoError('CONTENT_TYPE_NOT_SUPPORTED', 'The body must be JSON, sent as application/json.', {
    field: 'Content-Type',
    expected: 'application/json',
  });
}
